"""The form by which a person confirms or types what a song is."""

from django import forms

from .models import Song


class SongForm(forms.ModelForm):
    class Meta:
        model = Song
        fields = ("title", "artist", "genre")
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}),
            "artist": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}),
        }
