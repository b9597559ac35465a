"""Lists as cursors: stable while rows come and go."""

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """`{"next", "previous", "results"}`, newest first unless the view says otherwise."""

    ordering = "-created_at"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
