"""Signing in by one-time link or password, and signing out."""

from django.contrib.auth import logout
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.actions.signing_in import LinkNotValid, find_link, request_sign_in_link, use_sign_in_link
from deskhand.web.access import open_to_everyone
from deskhand.web.forms import AddressForm, PasswordForm
from deskhand.web.sessions import TOO_MANY, authenticate, home_of, note_link, safe_path, sign_in_user, within_limits
from deskhand.web.viewers import DeskRequest, user_of

WRONG = "That address and password do not belong together. Check both, or ask for a sign-in link instead."


@open_to_everyone
@require_http_methods(["GET", "POST"])
def sign_in(request: DeskRequest) -> HttpResponseBase:
    """Ask for the address and send a one-time link to it; the answer is the same whether or not it is known."""
    next_path = safe_path(request.POST.get("next", request.GET.get("next", "")))
    if (user := user_of(request)) is not None:
        return HttpResponseRedirect(next_path or home_of(user))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if within_limits(request, what="link", address=address, act=request.act):
            request_sign_in_link(address=address, act=request.act, next_path=next_path)
            request.session["link_sent_to"] = address
            return redirect("web:sign_in_sent")
        form.add_error("email", TOO_MANY)
    status = 422 if form.errors else 200
    return render(request, "web/sign_in.html", {"form": form, "next": next_path}, status=status)


@open_to_everyone
@require_GET
def sent(request: DeskRequest) -> HttpResponseBase:
    """Say where the link went."""
    address = request.session.get("link_sent_to")
    if not address:
        return redirect("web:sign_in")
    return render(request, "web/sign_in_sent.html", {"address": address})


@open_to_everyone
@require_http_methods(["GET", "POST"])
def password(request: DeskRequest) -> HttpResponseBase:
    """Sign in by password."""
    next_path = safe_path(request.POST.get("next", request.GET.get("next", "")))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not within_limits(request, what="password", address=email, act=request.act):
            form.add_error("password", TOO_MANY)
        elif user := authenticate(request, email=email, password=form.cleaned_data["password"]):
            return sign_in_user(request, user, next_path=next_path)
        else:
            form.add_error("password", WRONG)
    status = 422 if form.errors else 200
    return render(request, "web/sign_in_password.html", {"form": form, "next": next_path}, status=status)


@open_to_everyone
@require_http_methods(["GET", "POST"])
def link(request: DeskRequest, token: str) -> HttpResponseBase:
    """Show a button for the link, and use it up only when the button is pressed."""
    try:
        if request.method == "POST":
            used = use_sign_in_link(token=token, act=request.act)
            response = sign_in_user(request, used.user, next_path=used.next_path)
            note_link(request)
            return response
        found = find_link(token, now=request.act.at)
    except LinkNotValid:
        return render(request, "web/sign_in_link_invalid.html", status=410)
    return render(request, "web/sign_in_link.html", {"person": found.user, "token": token})


@open_to_everyone
@require_POST
def sign_out(request: DeskRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("web:sign_in"))
