"""The portal's addresses with the mailbox, which otherwise only embedded mode has."""

from django.urls import include, path

from portal.urls import urlpatterns as portal_urls

urlpatterns = [*portal_urls, path("mailbox/", include("portal.embedded.urls"))]
