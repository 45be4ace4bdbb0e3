// Progressive enhancement only: every page works without this file.
import { createAll, initAll } from "govuk-frontend";
import { ErrorSummary, NotificationBanner } from "govuk-frontend";
import "./counting.js";
import "./totals.js";
import "./typed.js";
import "./writing.js";

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
