

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_programmes_and_money"),
        ("accounts", "__first__"),
        ("grants", "0008_missing_is_not_zero"),
        ("programmes", "0003_programmes_and_money"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("is_current", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["slug", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("slug", "version"), name="agreement_template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("slug",),
                        name="agreement_template_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body", ""), _negated=True), name="agreement_template_written"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "terms",
                    models.JSONField(default=dict, help_text="The award's facts as they stood when it was made."),
                ),
                ("body", models.TextField(help_text="The Markdown with every token resolved.")),
                ("file", models.FileField(blank=True, max_length=200, upload_to="agreements/%Y/%m")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("offered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_name",
                    models.CharField(blank=True, help_text="Who signed, as they write their name.", max_length=200),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("is_on_paper", models.BooleanField(default=False, help_text="Signed on paper; staff recorded it.")),
                ("ended_at", models.DateTimeField(blank=True, help_text="Declined, withdrawn or replaced.", null=True)),
                ("ended_because", models.TextField(blank=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="grants.commitment"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="grants.agreementtemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["commitment_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("commitment", "number"), name="award_agreement_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("commitment",),
                        name="award_agreement_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("offered_at__isnull", False), ("offered_by__isnull", False)),
                            models.Q(("offered_at__isnull", True), ("offered_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="award_agreement_offer_whole",
                        violation_error_message="Offered by and offered at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="award_agreement_acceptance",
                        violation_error_message="Accepted by and accepted at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True),
                            models.Q(("offered_at__isnull", False), models.Q(("accepted_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="award_agreement_offered_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("file", ""), models.Q(("sha256", ""), _negated=True), _connector="OR"),
                        name="award_agreement_file_hashed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("manager", "Programme manager set"), ("status", "Status changed")], max_length=10
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("before", models.JSONField(help_text="Reference of each commitment to what it was.")),
                ("after", models.JSONField(help_text="What it became.")),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "undone_by",
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
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["manager", "status"])),
                        name="bulk_change_kind_known",
                        violation_error_message="Kind is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="bulk_change_undoing_whole",
                        violation_error_message="Undone by and undone at must be given together or not at all.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsortiumPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share_pence", models.BigIntegerField()),
                ("delivers", models.CharField(blank=True, help_text="What the partner does.", max_length=300)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="partners", to="grants.commitment"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["commitment_id", "organisation__name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("commitment", "organisation"), name="consortium_partner_once"),
                    models.CheckConstraint(
                        condition=models.Q(("share_pence__gte", 0)),
                        name="consortium_share_not_negative",
                        violation_error_message="A partner's share cannot be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "columns",
                    models.JSONField(
                        help_text="In order: heading; field (or text, a fixed value); format of a date or an amount."
                    ),
                ),
                ("delimiter", models.CharField(default=",", max_length=1)),
                ("encoding", models.CharField(default="utf-8", max_length=20)),
                ("has_headings", models.BooleanField(default=True)),
                ("is_default", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["slug"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="export_layout_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="export_layout_titled"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("award_pence", models.BigIntegerField()),
                ("paid_pence", models.BigIntegerField(help_text="Net of credit notes.")),
                ("spent_pence", models.BigIntegerField(help_text="Approved in returns.")),
                (
                    "unspent_pence",
                    models.BigIntegerField(help_text="Paid and not spent: recovered, or carried by a debt."),
                ),
                ("note", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField()),
                ("reconciled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closing", to="grants.commitment"
                    ),
                ),
                (
                    "reconciled_by",
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
                "ordering": ["commitment_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("award_pence__gte", 0), ("spent_pence__gte", 0), ("unspent_pence__gte", 0)),
                        name="grant_closing_not_negative",
                        violation_error_message="Award pence, spent pence and unspent pence cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reconciled_at__isnull", False), ("reconciled_by__isnull", False)),
                            models.Q(("reconciled_at__isnull", True), ("reconciled_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="grant_closing_reconciled",
                        violation_error_message="Reconciled by and reconciled at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reconciled_by__isnull", True),
                            models.Q(("reconciled_by", models.F("closed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="grant_closing_four_eyes",
                        violation_error_message="Somebody else than the person who closed the grant must reconcile it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerImport",
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
                ("year", models.PositiveSmallIntegerField()),
                ("file", models.FileField(max_length=200, upload_to="ledger/%Y/%m")),
                ("columns", models.JSONField(default=dict, help_text="Field name to the heading of its column.")),
                ("uploaded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["year", "-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                        name="ledger_import_layer_known",
                        violation_error_message="Layer is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["clean", "not_scanned"])),
                        name="ledger_import_scan_known",
                        violation_error_message="Scan is not one of the values allowed.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("layer", "year"),
                        name="ledger_import_one_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField(help_text="Of the file, counted from 1.")),
                ("posted_on", models.DateField()),
                ("reference", models.CharField(max_length=100)),
                ("supplier_reference", models.CharField(blank=True, max_length=40)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("amount_pence", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("matched", "Matched"),
                            ("different", "Found, with another amount"),
                            ("unmatched", "Not found here"),
                        ],
                        max_length=10,
                    ),
                ),
                ("difference_pence", models.BigIntegerField(default=0, help_text="The ledger's amount less ours.")),
                ("explanation", models.TextField(blank=True, help_text="Why it differs, by whoever looked at it.")),
                (
                    "explained_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ledger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="grants.ledgerimport"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_lines",
                        to="grants.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["ledger_id", "row"],
                "constraints": [
                    models.UniqueConstraint(fields=("ledger", "row"), name="ledger_line_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["matched", "different", "unmatched"])),
                        name="ledger_line_outcome_known",
                        violation_error_message="Outcome is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "unmatched"), ("payment__isnull", True)),
                            models.Q(models.Q(("outcome", "unmatched"), _negated=True), ("payment__isnull", False)),
                            _connector="OR",
                        ),
                        name="ledger_line_match_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=40, unique=True)),
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
                ("pay_on", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Being made"),
                            ("proposed", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("exported", "Sent to the finance system"),
                            ("paid", "Paid"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("exported_at", models.DateTimeField(blank=True, null=True)),
                (
                    "export_sha256",
                    models.CharField(blank=True, help_text="Of the file: made again, it is the same.", max_length=64),
                ),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.TextField(blank=True)),
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
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "exported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "layout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="grants.exportlayout"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "paid_by",
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
                "ordering": ["-pay_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "proposed", "approved", "exported", "paid", "cancelled"])
                        ),
                        name="payment_run_status_known",
                        violation_error_message="Status is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                        name="payment_run_layer_known",
                        violation_error_message="Layer is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="payment_run_approval",
                        violation_error_message="Approved by and approved at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exported_at__isnull", False), ("exported_by__isnull", False)),
                            models.Q(("exported_at__isnull", True), ("exported_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="payment_run_export",
                        violation_error_message="Exported by and exported at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_at__isnull", False), ("paid_by__isnull", False)),
                            models.Q(("paid_at__isnull", True), ("paid_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="payment_run_paid",
                        violation_error_message="Paid by and paid at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="payment_run_cancelled",
                        violation_error_message="Cancelled by and cancelled at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "proposed", "cancelled"]),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="payment_run_approved_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_run_four_eyes",
                        violation_error_message="Somebody else than the person who made the run must approve it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentRunLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_pence", models.BigIntegerField()),
                ("supplier_reference", models.CharField(max_length=40)),
                (
                    "finance_reference",
                    models.CharField(blank=True, help_text="The finance system's own, once paid.", max_length=100),
                ),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="run_lines", to="grants.payment"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="grants.paymentrun"
                    ),
                ),
            ],
            options={
                "ordering": ["run_id", "supplier_reference", "payment_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("payment",),
                        name="payment_in_one_live_run",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_pence", 0), _negated=True), name="payment_run_line_not_nought"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supplier_reference", ""), _negated=True), name="payment_run_line_supplier"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryDebt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("variation", "The award was reduced below what was paid"),
                            ("unspent", "Money left unspent at closing"),
                            ("overpaid", "Paid by mistake"),
                            ("breach", "The conditions were not met"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount_pence", models.BigIntegerField()),
                ("note", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("recovered", "Recovered"), ("written_off", "Written off")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
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
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_debts",
                        to="grants.commitment",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "variation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_debts",
                        to="grants.variation",
                    ),
                ),
            ],
            options={
                "ordering": ["commitment_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("commitment", "number"), name="recovery_debt_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["variation", "unspent", "overpaid", "breach"])),
                        name="recovery_debt_cause_known",
                        violation_error_message="Cause is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "recovered", "written_off"])),
                        name="recovery_debt_status_known",
                        violation_error_message="Status is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="recovery_debt_closing_whole",
                        violation_error_message="Closed by and closed at must be given together or not at all.",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_pence__gt", 0)), name="recovery_debt_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("status", "open")),
                            models.Q(models.Q(("status", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="recovery_debt_closed_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterImport",
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
                ("file", models.FileField(max_length=200, upload_to="registers/%Y/%m")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded: say what its columns mean"),
                            ("checked", "Checked, waiting for a decision"),
                            ("refused", "Could not be used"),
                            ("applied", "Taken over"),
                            ("discarded", "Not used"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                (
                    "columns",
                    models.JSONField(blank=True, default=dict, help_text="Field name to the heading of its column."),
                ),
                (
                    "problems",
                    models.JSONField(
                        blank=True, default=list, help_text="sheet, row, column, value and message of each."
                    ),
                ),
                (
                    "summary",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What taking it over does: created, changed and unchanged by kind.",
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
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
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                        name="register_import_layer_known",
                        violation_error_message="Layer is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["clean", "not_scanned"])),
                        name="register_import_scan_known",
                        violation_error_message="Scan is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["uploaded", "checked", "refused", "applied", "discarded"])),
                        name="register_import_status",
                        violation_error_message="Status is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="register_import_decision",
                        violation_error_message="Decided by and decided at must be given together or not at all.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Virement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=40, unique=True)),
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
                ("year", models.PositiveSmallIntegerField()),
                ("amount_pence", models.BigIntegerField()),
                ("reason", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved and recorded"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_because", models.TextField(blank=True)),
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
                    "from_commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="virements_out",
                        to="grants.commitment",
                    ),
                ),
                (
                    "from_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="virements_out",
                        to="programmes.budgetline",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="virements",
                        to="programmes.fundingsource",
                    ),
                ),
                (
                    "to_commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="virements_in",
                        to="grants.commitment",
                    ),
                ),
                (
                    "to_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="virements_in",
                        to="programmes.budgetline",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["proposed", "approved", "refused", "withdrawn"])),
                        name="virement_status_known",
                        violation_error_message="Status is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                        name="virement_layer_known",
                        violation_error_message="Layer is not one of the values allowed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="virement_approval_whole",
                        violation_error_message="Approved by and approved at must be given together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="virement_closing_whole",
                        violation_error_message="Closed by and closed at must be given together or not at all.",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_pence__gt", 0)), name="virement_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="virement_reason_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_commitment__isnull", False), ("from_line__isnull", False), _connector="OR"
                        ),
                        name="virement_from_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_commitment__isnull", False), ("to_line__isnull", False), _connector="OR"
                        ),
                        name="virement_to_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("status", "approved")),
                            models.Q(models.Q(("status", "approved"), _negated=True), ("approved_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="virement_approved_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="virement_four_eyes",
                        violation_error_message="Somebody else than the person who proposed it must approve.",
                    ),
                ],
                "indexes": [models.Index(fields=["year", "source", "status"], name="virement_year_source")],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="credits",
            field=models.ForeignKey(
                blank=True,
                help_text="The payment that a credit note corrects.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_notes",
                to="grants.payment",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="needs_agreement",
            field=models.BooleanField(default=False, help_text="The grantee must have accepted the agreement first."),
        ),
        migrations.AddField(
            model_name="payment",
            name="note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="variation",
            name="after",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="variation",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="variation",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="variation",
            name="before",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="variation",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="variation",
            name="closed_because",
            field=models.TextField(blank=True, help_text="Why it was refused or withdrawn."),
        ),
        migrations.AddField(
            model_name="variation",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="variation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("award", "Change of the award"),
                    ("reprofile", "Reprofile: the same award at other times"),
                    ("term", "Change of the dates"),
                    ("targets", "Change of the targets"),
                ],
                default="award",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="variation",
            name="proposed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="variation",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="variation",
            name="status",
            field=models.CharField(
                choices=[
                    ("asked", "Asked for by the grantee"),
                    ("proposed", "Proposed"),
                    ("approved", "Approved"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="variation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                    models.Q(("asked_at__isnull", True), ("asked_by__isnull", True)),
                    _connector="OR",
                ),
                name="variation_asking_whole",
                violation_error_message="Asked by and asked at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="variation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_at__isnull", False), ("proposed_by__isnull", False)),
                    models.Q(("proposed_at__isnull", True), ("proposed_by__isnull", True)),
                    _connector="OR",
                ),
                name="variation_proposal_whole",
                violation_error_message="Proposed by and proposed at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="variation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    _connector="OR",
                ),
                name="variation_closing_whole",
                violation_error_message="Closed by and closed at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="variation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["award", "reprofile", "term", "targets"])),
                name="variation_kind_known",
                violation_error_message="Kind is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="variation",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["asked", "proposed", "approved", "refused", "withdrawn"])),
                name="variation_status_known",
                violation_error_message="Status is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="variation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    ("proposed_by__isnull", True),
                    models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="variation_four_eyes",
                violation_error_message="Somebody else than the person who proposed it must approve.",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="recovers",
            field=models.ForeignKey(
                blank=True,
                help_text="The debt that a credit note pays off.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_notes",
                to="grants.recoverydebt",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_credit_note", True),
                    models.Q(("credits__isnull", True), ("recovers__isnull", True)),
                    _connector="OR",
                ),
                name="payment_credit_flagged",
            ),
        ),
    ]
