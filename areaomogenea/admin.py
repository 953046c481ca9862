from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib import admin
from django.views.generic import RedirectView

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the door of accounts
admin.site.logout = logout  # type: ignore[method-assign]  # the door of accounts
password_change = RedirectView.as_view(pattern_name="account_change_password")
admin.site.password_change = password_change  # type: ignore[method-assign,assignment]  # the same
admin.site.site_header = "Redazione dell’Area Omogenea"
admin.site.site_title = "Redazione"
admin.site.index_title = "La scrivania"
