from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from .models import Entry


def index(request):
    if request.method == "POST":
        text = request.POST.get("text", "").strip()
        if text:
            Entry.objects.create(text=text[:200])
        return redirect("/")
    entries = Entry.objects.order_by("-id")[: settings.ACONF["page_size"]]
    return render(request, "entries/index.html", {"entries": entries})


def health(request):
    return HttpResponse(f"ok, {Entry.objects.count()} entries\n", content_type="text/plain")
