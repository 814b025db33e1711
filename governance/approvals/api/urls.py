from django.urls import path

from governance.approvals.api import views

urlpatterns = [path("projects/<uuid:project>/approvals", views.ApprovalsView.as_view(), name="approvals")]
