// Not a word is lost: what is typed in a return is saved behind the page, and until the server says that it has it,
// a copy stays in this tab's own storage. It ends with the tab, with a save, and with signing out.
const PREFIX = "typed:";
const form = document.querySelector("form[data-keep-typed]");
const status = document.getElementById("save-status");
const key = PREFIX + location.pathname;
const SKIPPED = new Set(["csrfmiddlewaretoken", "seal", "page", "version"]);
const RETRY_SECONDS = 15;

function stored(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

function forget(which = () => true) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX) && which(name)) sessionStorage.removeItem(name);
  }
}

const boxes = () => [...form.elements].filter((box) => box.name && !SKIPPED.has(box.name) && box.type !== "submit");

function typed() {
  const words = {};
  for (const box of boxes()) {
    if (box.type === "radio") {
      if (box.checked) words[box.name] = box.value;
    } else if (box.type !== "hidden") words[box.name] = box.value;
  }
  return words;
}

function remember() {
  const version = form.querySelector('[name="version"]');
  try {
    sessionStorage.setItem(
      key,
      JSON.stringify({ person: form.dataset.person, version: version.value, words: typed() }),
    );
  } catch {
    // A full or forbidden storage: the page and the server still hold the words.
  }
}

function putBack(kept) {
  let changed = false;
  for (const box of boxes()) {
    const words = kept.words[box.name];
    if (words === undefined || box.type === "hidden") continue;
    const differs = box.type === "radio" ? box.checked !== (box.value === words) : box.value !== words;
    if (!differs) continue;
    changed = true;
    if (box.type === "radio") box.checked = box.value === words;
    else box.value = words;
  }
  if (!changed && !("unsaved" in form.dataset)) {
    forget((name) => name === key);
    return;
  }
  // Saved as a change of what was on the screen then, so that somebody's later words are not written over unseen.
  form.querySelector('[name="version"]').value = kept.version;
  if (status) status.textContent = "What you typed before is back, and is being saved.";
  for (const box of boxes()) box.dispatchEvent(new Event("input", { bubbles: true }));
}

// A page saves with its own name and a rising number, so that a save whose answer was lost is no stranger to the next.
function countSave() {
  const page = form?.querySelector('[name="page"]');
  if (!page) return "";
  const [name, count] = page.value.split(":");
  page.value = `${name}:${Number(count) + 1}`;
  return page.value;
}

function say(text) {
  status.replaceChildren(Object.assign(document.createElement("strong"), { textContent: text }));
  status.firstChild.className = "app-save-status__problem";
}

let retry = 0;
function tryAgain(why) {
  remember();
  say(`${why} What you typed stays on this page; we try again every ${RETRY_SECONDS} seconds.`);
  clearTimeout(retry);
  retry = setTimeout(() => window.htmx.trigger(status, "save-again"), RETRY_SECONDS * 1000);
}

// Where a save by a button leads says which section the server has now.
const arrived = new URL(location.href);
const saved = arrived.searchParams.get("saved");
if (saved) {
  const place = PREFIX + arrived.pathname.split("/").slice(0, 4).join("/");
  const ends = [`/section/${saved}/`, `/sections/${saved}/`];
  forget((name) => name.startsWith(place) && ends.some((end) => name.endsWith(end)));
  arrived.searchParams.delete("saved");
  history.replaceState(history.state, "", arrived);
}

if (form && !("resolving" in form.dataset)) {
  forget((name) => stored(name)?.person !== form.dataset.person);
  form.addEventListener("input", remember);
  // After htmx has looked at the page, so that what comes back is saved like anything typed.
  document.addEventListener("DOMContentLoaded", () => {
    const kept = stored(key);
    if (kept) putBack(kept);
    else if ("unsaved" in form.dataset) form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-drop-typed]")) forget((name) => name === key);
});

// A second click on the way out is no second save. One after a while is a person who stopped the first.
const justSent = (sent) => Date.now() - Number(sent.dataset.sent || 0) < 5000;

// A form sent while its own save is on the way would look like somebody else's change, so it waits for the answer.
document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.action.endsWith("/account/logout/")) forget();
  if (!sent.matches("form[data-keep-typed]")) return;
  const saving = sent.querySelector(".htmx-request");
  if (!saving) {
    if (justSent(sent)) event.preventDefault();
    else {
      countSave();
      sent.dataset.sent = Date.now();
    }
    return;
  }
  event.preventDefault();
  saving.addEventListener("htmx:afterRequest", () => setTimeout(() => sent.requestSubmit(event.submitter)), {
    once: true,
  });
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const sent = event.target.closest("form[data-sent]");
  if (sent && justSent(sent)) event.preventDefault();
});
document.body.addEventListener("htmx:configRequest", (event) => {
  if (form && form.contains(event.target)) event.detail.parameters.page = countSave();
});

// A refused save still has something to say: a conflict, a mistake and a session that ended are shown where "Saved"
// would have been.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const code = event.detail.xhr.status;
  if (code === 401 || code === 409 || code === 422) event.detail.shouldSwap = true;
  if (!status || event.target !== status) return;
  // Sent to another page, the sign-in page for one: that page is not the answer to a save.
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (code === 200 && answered.pathname !== location.pathname) {
    event.detail.shouldSwap = false;
    tryAgain("You have been signed out, so this is not saved yet. Sign in again in another tab.");
  }
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!status || event.target !== status) return;
  const code = event.detail.xhr.status;
  clearTimeout(retry);
  if (event.detail.successful && event.detail.xhr.responseText.includes('name="version"')) {
    // Words typed while the save was on its way are not in it; their own save follows.
    const saved = event.detail.requestConfig.parameters;
    const words = typed();
    if (Object.keys(words).every((name) => words[name] === (saved[name] ?? ""))) forget((name) => name === key);
    else remember();
  } else if (code === 0) tryAgain("There is no connection, so this is not saved yet.");
  else if (code >= 500 || code === 429) tryAgain("The site did not answer, so this is not saved yet.");
  else if (code === 403) {
    remember();
    say("This could not be saved because you signed in again elsewhere. Load this page again: what you typed comes back.");
  }
});

// A page brought back by the back button is old: its version may have been passed since, so it is fetched anew.
window.addEventListener("pageshow", (event) => {
  for (const each of document.querySelectorAll("form[data-sent]")) delete each.dataset.sent;
  if (event.persisted && form) location.reload();
});
window.addEventListener("online", () => {
  if (status && form && stored(key)) window.htmx.trigger(status, "save-again");
});
