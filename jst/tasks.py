"""Work that is done outside the request; each job may run twice without harm."""

from django_tasks import task


@task()
def check_upload(upload_pk):
    """Find what an uploaded file would change in its register."""
    from jst.uploads import check

    check(upload_pk)


@task()
def apply_upload(upload_pk):
    """Bring a register to the state of a checked file: all of it or nothing."""
    from jst.uploads import apply

    apply(upload_pk)
