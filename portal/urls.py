"""Every address of the portal. Each app brings its own; the portal adds home, About, health and the staff desk."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from legislation.api import api_urls
from portal import views
from portal.sitemaps import SITEMAPS

# Staff sign in where everybody signs in, with the same rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("about/people/", views.about_people, name="about_people"),
    path("about/allies/", views.about_allies, name="about_allies"),
    path("about/allies/<slug:slug>/", views.about_ally, name="about_ally"),
    path("about/contact/", views.contact, name="contact"),
    path("about/contact/sent/", views.contact_sent, name="contact_sent"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("search/", views.search, name="search"),
    path("health/live/", views.health_live, name="health_live"),
    path("health/ready/", views.health_ready, name="health_ready"),
    path("health/mail/", views.health_mail, name="health_mail"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.public_sitemap(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("my/", include("portal.my_urls")),
    path("my/", include("campaigns.my_urls")),
    path("my/", include("legislation.urls.my")),
    path("my/", include("mailing.my_urls")),
    path("my/", include("surveys.my_urls")),
    path("my/", include("trainings.my_urls")),
    path("my/", include("meetings.my_urls")),
    path("my/", include("research.urls.my")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("campaigns.urls")),
    path("", include("legislation.urls")),
    path("", include("meetings.urls")),
    path("api/v1/", api_urls()),
    path("", include("trainings.urls")),
    path("community/", include("trainings.community_urls")),
    path("", include("surveys.urls")),
    path("", include("research.urls")),
    path("", include("partners.urls")),
    path("", include("mailing.urls")),
]

if settings.EMBEDDED:
    urlpatterns.append(path("mailbox/", include("portal.embedded.urls")))
