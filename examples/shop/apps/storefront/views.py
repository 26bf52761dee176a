from django.conf import settings
from django.http import HttpResponse
from django.utils.html import format_html


def home(request):
    theme = settings.ACONF["theme"]
    page = format_html(
        '<!doctype html><title>The Paper Shop</title><body class="{}" style="color: {}">'
        "<h1>The Paper Shop</h1><p>{} sheets on a page, prices in {}.</p>",
        theme["name"],
        theme["accent"],
        settings.ACONF["catalogue"]["page_size"],
        settings.CCONF["currency"]["default"],
    )
    return HttpResponse(page)


def health(request):
    """For the load balancer: says that this process answers, and asks no database."""
    return HttpResponse("ok\n", content_type="text/plain")
