from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "vru.accounts"
    label = "accounts"
    verbose_name = "People and audit"
    default_auto_field = "django.db.models.BigAutoField"
