"""Who the site is: the data that law wants on every page, kept by an administrator."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from areaomogenea.prose.fields import EmailField, LineField, PhoneField, URLField
from areaomogenea.prose.phones import is_phone, phone_address


class Identity(models.Model):
    """The one row of data about the body; an empty field shows nothing."""

    name = LineField("nome", max_length=80, default="Area Omogenea Cremasca")
    tagline = LineField("motto", max_length=120, blank=True, default="48 Comuni, un territorio")
    owner = LineField("ente titolare", max_length=120, default="Consorzio.IT S.p.A.")
    owner_website = URLField("sito dell’ente titolare", blank=True)
    address = LineField("indirizzo", max_length=160, blank=True)
    vat_number = LineField("partita IVA", max_length=20, blank=True)
    pec = EmailField("PEC", blank=True)
    email = EmailField("e-mail", blank=True)
    phone = PhoneField("telefono", max_length=30, blank=True)
    privacy_contact = EmailField("responsabile della protezione dei dati", blank=True)
    report_email = EmailField("e-mail per segnalare un disservizio", blank=True)
    accessibility_declaration_url = URLField(
        "dichiarazione di accessibilità", blank=True, help_text="Indirizzo sul sito form.agid.gov.it."
    )
    transparency_url = URLField("amministrazione trasparente", blank=True)
    aging_years = models.PositiveSmallIntegerField(
        "anni dopo i quali una novità dice la sua età",
        default=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="La pagina comincia con «Questa pagina è di 3 anni fa». Vuoto: mai.",
    )

    class Meta:
        verbose_name = "identità del sito"
        verbose_name_plural = "identità del sito"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="identity_is_one",
                violation_error_message="L’identità del sito è una sola.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def phone_address(self) -> str:
        """What a link dials; "" where what was typed before phones were read is none."""
        return phone_address(self.phone) if is_phone(self.phone) else ""

    @classmethod
    def current(cls) -> Identity:
        """The row, or the defaults while nobody has saved one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
