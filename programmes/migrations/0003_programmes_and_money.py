

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("programmes", "0002_quarterly_return"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("what", models.TextField(help_text="What is to change, and why.")),
                (
                    "amount_pence",
                    models.BigIntegerField(
                        blank=True, help_text="The offer after the change, where the change is of money.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("approved", "Approved by the funder"),
                            ("refused", "Refused by the funder"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "decision_note",
                    models.TextField(blank=True, help_text="Who decided at the funder, and where it is written."),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="programmes.funderagreement",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "number"), name="agreement_change_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["asked", "approved", "refused", "withdrawn"])),
                        name="agreement_change_status",
                        violation_error_message="Status is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_pence__gte", 0)),
                        name="agreement_change_amount",
                        violation_error_message="Amount pence cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_on__isnull", True), ("decided_on__gte", models.F("asked_on")), _connector="OR"
                        ),
                        name="agreement_change_dates",
                        violation_error_message="Decided on cannot be before asked on.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on__isnull", True), ("status", "asked")),
                            models.Q(models.Q(("status", "asked"), _negated=True), ("decided_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreement_change_decided_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AreaPopulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(help_text="The calendar year of the estimate.")),
                (
                    "layer",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("published", "Published"),
                            ("illustrative", "Illustrative"),
                        ],
                        max_length=12,
                    ),
                ),
                ("youngest_age", models.PositiveSmallIntegerField()),
                ("oldest_age", models.PositiveSmallIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("source", models.CharField(help_text="Who published the estimate, and its edition.", max_length=200)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="populations", to="programmes.area"
                    ),
                ),
            ],
            options={
                "ordering": ["area__order", "area_id", "-year", "youngest_age", "layer"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "year", "layer", "youngest_age", "oldest_age"), name="area_population_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("oldest_age__isnull", True), ("oldest_age__gte", models.F("youngest_age")), _connector="OR"
                        ),
                        name="area_population_ages",
                        violation_error_message="Oldest age cannot be before youngest age.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 0)),
                        name="area_population_people",
                        violation_error_message="People cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                        name="area_population_layer",
                        violation_error_message="Layer is not one of the values allowed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("before_pence", models.BigIntegerField()),
                ("after_pence", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="programmes.budgetline"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["line_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "number"), name="budget_change_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("before_pence__gte", 0), ("after_pence__gte", 0)),
                        name="budget_change_not_negative",
                        violation_error_message="Before pence and after pence cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="budget_change_reason_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("amount_pence", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("agreed", "Agreed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="programmes.funderagreement",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "number"), name="claim_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "sent", "agreed", "withdrawn"])),
                        name="claim_status_known",
                        violation_error_message="Status is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_pence__gte", 0)),
                        name="claim_not_negative",
                        violation_error_message="Amount pence cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="claim_dates",
                        violation_error_message="Ends on cannot be before starts on.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "withdrawn"]), ("sent_on__isnull", False), _connector="OR"
                        ),
                        name="claim_sent_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NamedWard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                (
                    "code",
                    models.CharField(
                        blank=True, help_text="ONS code such as E05013657, where it is known.", max_length=9
                    ),
                ),
                (
                    "vintage",
                    models.PositiveSmallIntegerField(blank=True, help_text="Year of the boundaries.", null=True),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wards", to="programmes.area"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wards", to="programmes.programme"
                    ),
                ),
            ],
            options={
                "ordering": ["programme_id", "area__order", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "area", "name"), name="named_ward_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), ("vintage__isnull", False), _connector="OR"),
                        name="named_ward_vintage",
                        violation_error_message="A ward's code needs the year of its boundaries.",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="named_ward_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectiveWeight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="weights", to="programmes.objective"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objective_weights",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["programme_id", "-percent", "objective__number", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "objective"), name="objective_weight_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 1), ("percent__lte", 100)),
                        name="objective_weight_range",
                        violation_error_message="A weight is a whole number from 1 to 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Overcommitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "layer",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("published", "Published"),
                            ("illustrative", "Illustrative"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount_pence", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overcommitments",
                        to="programmes.fundingsource",
                    ),
                ),
            ],
            options={
                "ordering": ["year", "source_id", "-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                        name="overcommitment_layer_known",
                        violation_error_message="Layer is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="overcommitment_approval",
                        violation_error_message="Approved by and approved at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="overcommitment_end",
                        violation_error_message="Ended by and ended at must be given together or not at all.",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_pence__gt", 0)), name="overcommitment_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="overcommitment_reason_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="overcommitment_four_eyes",
                        violation_error_message="Somebody else than the person who asked must approve.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(help_text="The file's name as the person gave it, made safe.", max_length=200),
                ),
                (
                    "content_type",
                    models.CharField(help_text="Decided by what is inside, never by the name.", max_length=100),
                ),
                ("size", models.PositiveIntegerField(help_text="Bytes as stored.")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "scan",
                    models.CharField(
                        choices=[("clean", "Checked for viruses"), ("not_scanned", "Not scanned")], max_length=12
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("business_case", "Business case"),
                            ("specification", "Specification"),
                            ("evaluation", "Evaluation"),
                            ("minutes", "Minutes or decision paper"),
                            ("other", "Other"),
                        ],
                        max_length=14,
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to="programmes/%Y/%m")),
                ("uploaded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="programmes.programme"
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["programme_id", "title", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["business_case", "specification", "evaluation", "minutes", "other"])
                        ),
                        name="programme_document_kind",
                        violation_error_message="Kind is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["clean", "not_scanned"])),
                        name="programme_document_scan",
                        violation_error_message="Scan is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="programme_document_removal",
                        violation_error_message="Removed by and removed at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="programme_document_titled"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeRisk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                ("likelihood", models.PositiveSmallIntegerField(help_text="1, rare, to 5, almost certain.")),
                ("impact", models.PositiveSmallIntegerField(help_text="1, slight, to 5, severe.")),
                (
                    "response",
                    models.CharField(
                        choices=[
                            ("treat", "Treat"),
                            ("tolerate", "Tolerate"),
                            ("transfer", "Transfer"),
                            ("stop", "Stop the activity"),
                        ],
                        max_length=10,
                    ),
                ),
                ("response_text", models.TextField(blank=True, help_text="What is done about it.")),
                ("review_on", models.DateField()),
                ("raised_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_because", models.TextField(blank=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_risks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="risks", to="programmes.programme"
                    ),
                ),
            ],
            options={
                "ordering": ["programme_id", "review_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("response__in", ["treat", "tolerate", "transfer", "stop"])),
                        name="programme_risk_response",
                        violation_error_message="Response is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("impact__gte", 1), ("impact__lte", 5), ("likelihood__gte", 1), ("likelihood__lte", 5)
                        ),
                        name="programme_risk_scores",
                        violation_error_message="Likelihood and impact are whole numbers from 1 to 5.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="programme_risk_closing_whole",
                        violation_error_message="Closed by and closed at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("closed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="programme_risk_closed_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_pence", models.BigIntegerField()),
                ("received_on", models.DateField()),
                ("reference", models.CharField(help_text="As the ledger writes it.", max_length=100)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="programmes.funderagreement",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="programmes.claim",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "received_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "reference"), name="receipt_reference_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_pence", 0), _negated=True), name="receipt_not_nought"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearEndStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spent_pence", models.BigIntegerField()),
                (
                    "returned_pence",
                    models.BigIntegerField(default=0, help_text="Unspent money given back to the funder."),
                ),
                ("note", models.TextField(blank=True)),
                ("prepared_at", models.DateTimeField()),
                ("certified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_end_statement",
                        to="programmes.funderagreement",
                    ),
                ),
                (
                    "certified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("spent_pence__gte", 0), ("returned_pence__gte", 0)),
                        name="year_end_not_negative",
                        violation_error_message="Spent pence and returned pence cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("certified_at__isnull", False), ("certified_by__isnull", False)),
                            models.Q(("certified_at__isnull", True), ("certified_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="year_end_certified_whole",
                        violation_error_message="Certified by and certified at must be given together or not at all.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="allocation",
            name="stated_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="stated_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="funderagreement",
            name="accepted_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="funderagreement",
            name="delivery_plan",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="programme",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                help_text="Last year's.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="programmes.programme",
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="need",
            field=models.TextField(blank=True, help_text="The need that it answers."),
        ),
        migrations.AddField(
            model_name="programme",
            name="need_place",
            field=models.CharField(blank=True, help_text="Where in the document the need is shown.", max_length=200),
        ),
        migrations.AddField(
            model_name="programme",
            name="need_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.sourcedocument",
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="target_group",
            field=models.TextField(blank=True, help_text="Whom it is for, in words."),
        ),
        migrations.AddField(
            model_name="strategycommitment",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="strategycommitment",
            name="owner",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="strategycommitment",
            name="programmes",
            field=models.ManyToManyField(blank=True, related_name="strategy_commitments", to="programmes.programme"),
        ),
        migrations.AddField(
            model_name="strategycommitment",
            name="status",
            field=models.CharField(
                choices=[("planned", "Planned"), ("under_way", "Under way"), ("done", "Done"), ("stopped", "Stopped")],
                default="planned",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="strategycommitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["planned", "under_way", "done", "stopped"])),
                name="strategy_commitment_status",
                violation_error_message="Status is not one of the values allowed.",
            ),
        ),
    ]
