"""What signed-in people do with the legislature. The portal includes them under `my/`."""

from legislation.urls import my_following, my_on_record, my_positions

app_name = "my_legislation"

urlpatterns = [*my_following.urlpatterns, *my_positions.urlpatterns, *my_on_record.urlpatterns]
