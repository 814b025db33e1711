from django.urls import path

from governance.oversight.api import views

urlpatterns = [
    path("ledger/entries", views.EntriesView.as_view(), name="ledger-entries"),
    path("ledger/entries/<uuid:entry>", views.EntryView.as_view(), name="ledger-entry"),
    path("ledger/entries/<uuid:entry>/proof", views.ProofView.as_view(), name="ledger-proof"),
    path("ledger/checkpoint", views.CheckpointView.as_view(), name="ledger-checkpoint"),
    path("ledger/export", views.ExportView.as_view(), name="ledger-export"),
    path("ledger/consistency", views.ConsistencyView.as_view(), name="ledger-consistency"),
    path("ledger/log/checkpoint", views.LogCheckpointView.as_view(), name="log-checkpoint"),
    path("ledger/log/tile/entries/<path:path>", views.LogEntriesView.as_view(), name="log-entries"),
    path("ledger/log/tile/<str:level>/<path:path>", views.LogTileView.as_view(), name="log-tile"),
]
