// Progressive enhancement only: every page works without this file.
import { createAll, initAll } from "govuk-frontend";
import { ErrorSummary, NotificationBanner } from "govuk-frontend";

initAll();

// What htmx swaps in gets its components too; banners and summaries take the focus once, on arrival.
document.body.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (part === document.body) return;
  initAll({ scope: part });
  for (const Component of [ErrorSummary, NotificationBanner]) {
    if (part.matches(`[data-module="${Component.moduleName}"]`)) createAll(Component, {}, part.parentElement);
  }
});

// A refused save still has something to say: a conflict and a mistake are shown where "Saved" would have been.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 409 || event.detail.xhr.status === 422) event.detail.shouldSwap = true;
});

// A form sent while its own save is on the way would look like somebody else's change, so it waits for the answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-keep-typed]")) return;
  const saving = form.querySelector(".htmx-request");
  if (!saving) {
    form.dataset.sent = "yes";
    return;
  }
  event.preventDefault();
  saving.addEventListener("htmx:afterRequest", () => setTimeout(() => form.requestSubmit(event.submitter)), { once: true });
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest("form[data-sent]")) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A breakdown says how far it is from the number of new people. The server checks it whatever is shown here.
for (const group of document.querySelectorAll("[data-adds-up]")) {
  const said = group.querySelector(".app-running-total");
  const whole = Number(group.dataset.addsUp.replaceAll(",", ""));
  const boxes = [...group.querySelectorAll("input[type=text], input:not([type])")];
  const count = () => {
    const typed = boxes.map((box) => box.value.trim().replaceAll(",", "")).filter(Boolean);
    said.hidden = typed.length === 0 || typed.some((text) => !/^\d+$/.test(text));
    const total = typed.reduce((sum, text) => sum + Number(text), 0);
    const of = group.dataset.addsUp && Number.isInteger(whole) ? ` of ${whole.toLocaleString("en-GB")} new people` : "";
    said.textContent = `Total so far: ${total.toLocaleString("en-GB")}${of}`;
  };
  group.addEventListener("input", count);
  count();
}

// A scrolling region takes the keyboard only when there is something to scroll to.
function markScrolling() {
  for (const region of document.querySelectorAll(".app-scroll")) {
    if (region.scrollWidth > region.clientWidth) region.setAttribute("tabindex", "0");
    else region.removeAttribute("tabindex");
  }
}
markScrolling();
window.addEventListener("resize", markScrolling);
document.body.addEventListener("htmx:afterSettle", markScrolling);

// The filter panel starts open without scripts and on wide screens, closed on a phone.
const phone = window.matchMedia("(max-width: 40em)");
if (phone.matches) {
  for (const panel of document.querySelectorAll("details.app-filter[open]")) panel.removeAttribute("open");
}

// Selects and checkboxes marked so submit their form at once; the button stays for everyone else.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
