import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Expand: reports with their sections; an edition may name its report."""

    dependencies = [
        ("evaluation", "0001_initial"),
        ("grants", "0017_grants_found_by_words"),
        ("jobs", "0005_messages_about_awards"),
        ("programmes", "0006_programmes_found_by_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_number_once",
        ),
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_layer_known",
        ),
        migrations.CreateModel(
            name="CaseStudy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.SlugField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(help_text="Without names or anything else that would tell who it is about.")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("internal", "Inside the unit only"),
                            ("funder", "In reports to funders"),
                            ("public", "In anything that is published"),
                        ],
                        max_length=8,
                    ),
                ),
                ("consent_on", models.DateField()),
                (
                    "consent_note",
                    models.CharField(
                        help_text="How consent was given, and who at the grantee holds it.", max_length=300
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_because", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "case studies",
                "ordering": ["ref"],
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_slug", models.SlugField(max_length=60)),
                (
                    "subject",
                    models.CharField(help_text="What of the check it is about, as the check names it.", max_length=120),
                ),
                ("sentence", models.TextField()),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["report_id", "check_slug", "subject"],
            },
        ),
        migrations.CreateModel(
            name="NumberDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="Of the section, the sentence and the number; a changed sentence is a new number.",
                        max_length=64,
                    ),
                ),
                ("printed", models.CharField(max_length=80)),
                ("sentence", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("sourced", "Has a source"), ("dismissed", "May stay as it is")], max_length=9
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["report_id", "section__order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(help_text="The year in which the financial year begins.")),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        help_text=(
                            "Empty for the whole year, Q1 to Q4 for a quarter, M01 (April) to M12 for a month of it."
                        ),
                        max_length=3,
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
                (
                    "subject",
                    models.CharField(
                        blank=True, help_text="The programme it is about; empty for the unit.", max_length=40
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-year", "outline__kind", "-period", "layer", "subject", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "every",
                    models.CharField(
                        choices=[("day", "Every working day"), ("week", "Every week"), ("month", "Every month")],
                        max_length=5,
                    ),
                ),
                ("next_on", models.DateField()),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["next_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("number", models.CharField(blank=True, max_length=20)),
                ("slug", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("guidance", models.TextField(blank=True)),
                ("word_limit", models.PositiveIntegerField(blank=True, null=True)),
                ("key_points", models.JSONField(blank=True, default=list)),
                ("text", models.TextField(blank=True)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Rises with every save; a save names the one it read."
                    ),
                ),
                (
                    "carried",
                    models.BooleanField(
                        default=False, help_text="Copied from an earlier report and not yet gone over."
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("writing", "Being written"), ("in_review", "In review"), ("approved", "Approved")],
                        default="writing",
                        max_length=9,
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["report_id", "order"],
            },
        ),
        migrations.CreateModel(
            name="SectionComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quote", models.CharField(blank=True, help_text="The words it is about.", max_length=300)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["section_id", "written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SectionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("key_points", models.JSONField(blank=True, default=list)),
                ("text", models.TextField(blank=True)),
                (
                    "note",
                    models.CharField(blank=True, help_text="Where it came from, when nobody typed it.", max_length=200),
                ),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["section_id", "-number"],
            },
        ),
        migrations.AlterModelOptions(
            name="editionfile",
            options={"ordering": ["edition_id", "kind", "is_final"]},
        ),
        migrations.RemoveConstraint(
            model_name="editionfile",
            name="edition_file_once",
        ),
        migrations.AddField(
            model_name="edition",
            name="finished_at",
            field=models.DateTimeField(blank=True, help_text="When the final files were stored.", null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="imprint",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="What the final files say beside the snapshot: see evaluation.reports.imprint.",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="imprint_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="edition",
            name="is_restated",
            field=models.BooleanField(default=False, help_text="Locked figures of an earlier edition were corrected."),
        ),
        migrations.AddField(
            model_name="edition",
            name="narrative_hash",
            field=models.CharField(
                blank=True,
                help_text="Of the sections it was made of, to tell when they were changed since.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="published_at",
            field=models.DateTimeField(blank=True, help_text="When the public could read it.", null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="sent_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="sent_to",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="edition",
            name="signed_name",
            field=models.CharField(blank=True, help_text="As it was on the day, and as it is printed.", max_length=200),
        ),
        migrations.AddField(
            model_name="edition",
            name="signed_role",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="edition",
            name="superseded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supersedes",
                to="evaluation.edition",
            ),
        ),
        migrations.AddField(
            model_name="editionfile",
            name="is_final",
            field=models.BooleanField(default=False, help_text="Made after signing; such a file never changes."),
        ),
        migrations.AddField(
            model_name="outlinesection",
            name="guidance",
            field=models.TextField(blank=True, help_text="What the funder wants to read here."),
        ),
        migrations.AddField(
            model_name="outlinesection",
            name="word_limit",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reportoutline",
            name="about",
            field=models.CharField(
                choices=[("unit", "The whole unit"), ("programme", "One programme")], default="unit", max_length=9
            ),
        ),
        migrations.AddField(
            model_name="reportoutline",
            name="every",
            field=models.CharField(
                choices=[("year", "A year"), ("quarter", "A quarter"), ("month", "A month")],
                default="year",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="reportoutline",
            name="forms",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Tables of a funder's form by name: rows, columns and bands as data.",
            ),
        ),
        migrations.AddField(
            model_name="reportoutline",
            name="sources",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Slugs of the funding sources a funder is told about; empty for all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionfile",
            constraint=models.UniqueConstraint(fields=("edition", "kind", "is_final"), name="edition_file_once"),
        ),
        migrations.AddConstraint(
            model_name="reportoutline",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__in", ["year", "quarter", "month"])),
                name="report_outline_every_known",
                violation_error_message="Every is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportoutline",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["unit", "programme"])),
                name="report_outline_about_known",
                violation_error_message="About is not one of the values allowed.",
            ),
        ),
        migrations.AddField(
            model_name="casestudy",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="case_studies", to="grants.commitment"
            ),
        ),
        migrations.AddField(
            model_name="casestudy",
            name="kept_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="casestudy",
            name="revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="case_studies",
                to="grants.revision",
            ),
        ),
        migrations.AddField(
            model_name="casestudy",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="explanation",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="numberdecision",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="numberdecision",
            name="source_document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.sourcedocument",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="evaluation.report",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="outline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="evaluation.reportoutline"
            ),
        ),
        migrations.AddField(
            model_name="numberdecision",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="number_decisions", to="evaluation.report"
            ),
        ),
        migrations.AddField(
            model_name="explanation",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="explanations", to="evaluation.report"
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="report",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="schedule", to="evaluation.report"
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reportsection",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reportsection",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reportsection",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="evaluation.report"
            ),
        ),
        migrations.AddField(
            model_name="reportsection",
            name="updated_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="numberdecision",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="number_decisions",
                to="evaluation.reportsection",
            ),
        ),
        migrations.AddField(
            model_name="sectioncomment",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers_given",
                to="evaluation.sectioncomment",
            ),
        ),
        migrations.AddField(
            model_name="sectioncomment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sectioncomment",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="evaluation.reportsection"
            ),
        ),
        migrations.AddField(
            model_name="sectioncomment",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sectionversion",
            name="saved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sectionversion",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="evaluation.reportsection"
            ),
        ),
        migrations.AddConstraint(
            model_name="casestudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["internal", "funder", "public"])),
                name="case_study_scope_known",
                violation_error_message="Scope is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    _connector="OR",
                ),
                name="case_study_withdrawal_whole",
                violation_error_message="Withdrawn by and withdrawn at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), models.Q(("consent_note", ""), _negated=True)
                ),
                name="case_study_told_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=("outline", "year", "period", "layer", "subject"),
                name="report_once",
                violation_error_message="There is already a report of this kind for that time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("layer__in", ["recorded", "published", "illustrative"])),
                name="report_layer_known",
                violation_error_message="Layer is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "period__in",
                        [
                            "",
                            "Q1",
                            "Q2",
                            "Q3",
                            "Q4",
                            "M01",
                            "M02",
                            "M03",
                            "M04",
                            "M05",
                            "M06",
                            "M07",
                            "M08",
                            "M09",
                            "M10",
                            "M11",
                            "M12",
                        ],
                    )
                ),
                name="report_period_known",
                violation_error_message="Period is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.UniqueConstraint(fields=("report", "check_slug", "subject"), name="explanation_once"),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(("sentence", ""), _negated=True), name="explanation_says_it"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__in", ["day", "week", "month"])),
                name="report_schedule_every_known",
                violation_error_message="Every is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.UniqueConstraint(fields=("report", "slug"), name="report_section_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.UniqueConstraint(fields=("report", "order"), name="report_section_order_once"),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["writing", "in_review", "approved"])),
                name="report_section_status_known",
                violation_error_message="Status is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                    _connector="OR",
                ),
                name="report_section_approval_whole",
                violation_error_message="Approved by and approved at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("updated_at__isnull", False), ("updated_by__isnull", False)),
                    models.Q(("updated_at__isnull", True), ("updated_by__isnull", True)),
                    _connector="OR",
                ),
                name="report_section_update_whole",
                violation_error_message="Updated by and updated at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "approved"), _negated=True), ("approved_at__isnull", False), _connector="OR"
                ),
                name="report_section_approved_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberdecision",
            constraint=models.UniqueConstraint(fields=("report", "fingerprint"), name="number_decision_once"),
        ),
        migrations.AddConstraint(
            model_name="numberdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["sourced", "dismissed"])),
                name="number_decision_kind_known",
                violation_error_message="Kind is not one of the values allowed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "sourced"), ("source_document__isnull", False), models.Q(("place", ""), _negated=True)
                    ),
                    models.Q(
                        ("kind", "dismissed"),
                        ("source_document__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="number_decision_backed",
                violation_error_message="Name the document and the place, or say why the number may stay.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectioncomment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="section_comment_says_it"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectioncomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                    models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                    _connector="OR",
                ),
                name="section_comment_resolved_whole",
                violation_error_message="Resolved by and resolved at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.UniqueConstraint(fields=("section", "number"), name="section_version_once"),
        ),
        migrations.AlterField(
            model_name="edition",
            name="outline",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editions",
                to="evaluation.reportoutline",
            ),
        ),
        migrations.AlterField(model_name="edition", name="year", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AlterField(model_name="edition", name="layer", field=models.CharField(max_length=12, null=True)),
        migrations.AddField(
            model_name="edition",
            name="report",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editions",
                to="evaluation.report",
            ),
        ),
    ]
