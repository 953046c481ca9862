from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib import admin
from django.views.generic import RedirectView

admin.site.login = secure_admin_login(admin.site.login)
admin.site.logout = logout
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")
admin.site.site_header = "Redazione dell’Area Omogenea"
admin.site.site_title = "Redazione"
admin.site.index_title = "La scrivania"
