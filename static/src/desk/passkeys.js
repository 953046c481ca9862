// Passkeys: asks the device, gives its answer to the form, says in words what went wrong.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const withBytes = (credentials) => credentials?.map((credential) => ({ ...credential, id: bytes(credential.id) }));

async function optionsFor(form) {
  const given = form.querySelector('script[type="application/json"]');
  if (given) return JSON.parse(given.textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).request_options.publicKey;
}

const ceremonies = {
  create: (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: withBytes(options.excludeCredentials),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      },
    }),
  get: (options) =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: withBytes(options.allowCredentials),
      },
    }),
};

function answerOf(credential) {
  const { id, rawId, type, response } = credential;
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const known = parts.filter((part) => response[part]);
  return JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    response: Object.fromEntries(known.map((part) => [part, text(response[part])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

function faultOf(error) {
  if (!window.PublicKeyCredential)
    return 'Questo browser non conosce le passkey, oppure la pagina non è protetta da HTTPS.';
  if (error.name === 'InvalidStateError') return 'Questo dispositivo ha già una passkey per il tuo accesso.';
  if (error.name === 'SecurityError')
    return `Le passkey non funzionano all’indirizzo ${location.hostname}: apri il portale con il suo nome.`;
  if (error.name === 'NotAllowedError')
    return 'Non è andata: la richiesta è stata annullata, oppure è passato troppo tempo. Riprova.';
  return 'Il dispositivo non ha risposto. Riprova, o entra in un altro modo.';
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const fault = form.querySelector('[data-passkey-fault]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    fault.textContent = '';
    try {
      const credential = await ceremonies[form.dataset.passkey](await optionsFor(form));
      form.elements.credential.value = answerOf(credential);
      form.submit();
    } catch (error) {
      fault.textContent = faultOf(error);
    }
  });
}
