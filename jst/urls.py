app_name = "jst"
urlpatterns = []
