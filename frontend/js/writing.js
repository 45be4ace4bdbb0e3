// Writing a section of a report: the preview follows what is typed, and blocks, figures and quotes go where they belong.
const PAUSE = 900;
const frame = document.querySelector("iframe[data-preview-of]");
const form = frame && document.getElementById(frame.dataset.previewOf);
const status = document.getElementById("preview-status");

// Only what stands in the frame is exchanged, so that it neither jumps to its top nor fills the browser's history.
function show(html) {
  const seen = frame.contentDocument;
  if (!seen?.body) return;
  const made = new DOMParser().parseFromString(html, "text/html");
  const top = seen.scrollingElement?.scrollTop ?? 0;
  seen.body.replaceChildren(...made.body.childNodes);
  if (seen.scrollingElement) seen.scrollingElement.scrollTop = top;
  const count = document.getElementById("word-count");
  if (count && made.body.dataset.length) count.textContent = made.body.dataset.length;
}

let asked = null;
async function preview() {
  asked?.abort();
  asked = new AbortController();
  status.textContent = "Updating the preview…";
  try {
    const answer = await fetch(form.querySelector("[data-preview-button]").formAction, {
      method: "POST",
      body: new FormData(form),
      signal: asked.signal,
      redirect: "error",
    });
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.text());
    status.textContent = "";
  } catch (problem) {
    if (problem.name !== "AbortError") {
      status.textContent = "The preview could not be updated. It follows again with the next change.";
    }
  }
}

if (form) {
  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(preview, PAUSE);
  };
  form.addEventListener("input", later);
  const button = form.querySelector("[data-preview-button]");
  button.addEventListener("click", (event) => {
    event.preventDefault();
    preview();
    frame.scrollIntoView({ block: "nearest" });
  });
}

// Inserting: into the box that was written in last, at the cursor.
let box = document.getElementById("id_text");
document.addEventListener("focusin", (event) => {
  if (form?.contains(event.target) && event.target.matches("textarea")) box = event.target;
});

function insert(text, isBlock) {
  const into = isBlock ? document.getElementById("id_text") : box;
  const [start, end] = [into.selectionStart, into.selectionEnd];
  const [before, after] = [into.value.slice(0, start), into.value.slice(end)];
  let made = text;
  if (isBlock) {
    // A block stands on lines of its own, with an empty one on each side.
    const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    made = gap + text.trim() + (after === "" ? "\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n");
  } else if (before && !/[\s([“"]$/.test(before)) made = ` ${text}`;
  into.setRangeText(made, start, end, "end");
  into.focus();
  into.dispatchEvent(new Event("input", { bubbles: true }));
}

function reveal(root) {
  for (const button of root.querySelectorAll("[data-insert], [data-quote-from]")) button.hidden = false;
}

if (form) {
  reveal(document);
  document.body.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
  document.addEventListener("click", (event) => {
    const inserting = event.target.closest("[data-insert]");
    if (inserting) {
      event.preventDefault();
      insert(inserting.dataset.insert, "insertBlock" in inserting.dataset);
    }
    const quoting = event.target.closest("[data-quote-from]");
    if (!quoting) return;
    const from = document.getElementById(quoting.dataset.quoteFrom);
    const into = document.getElementById(quoting.dataset.quoteInto);
    const words = from.value.slice(from.selectionStart, from.selectionEnd).split(/\s+/).join(" ").trim();
    if (words) into.value = words.slice(0, 300);
    into.focus();
  });
}

// A link to a comment opens what hides it.
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
window.addEventListener("hashchange", openTarget);
openTarget();
