// Sums shown while somebody types in a return. The server checks them again whatever is shown here.
const english = (number) => number.toLocaleString("en-GB");
const pounds = (number) => number.toLocaleString("en-GB", { style: "currency", currency: "GBP" });
// Plain numbers only, as the server reads them without doubt; anything else is left for it to explain.
const PLAIN = /^£?\s*(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?$/;
const read = (text) => (PLAIN.test(text.trim()) ? Number(text.replace(/[£,\s]/g, "")) : null);

// A breakdown says how far it is from the number of new people.
for (const group of document.querySelectorAll("[data-adds-up]")) {
  const said = group.querySelector(".app-running-total");
  const whole = read(group.dataset.addsUp);
  const boxes = [...group.querySelectorAll("input")];
  const count = () => {
    const typed = boxes.map((box) => box.value.trim()).filter(Boolean);
    const numbers = typed.map(read);
    said.hidden = typed.length === 0;
    if (numbers.some((number) => number === null || !Number.isInteger(number))) {
      said.textContent = "Some of these are not whole numbers yet.";
      return;
    }
    const total = numbers.reduce((sum, number) => sum + number, 0);
    if (whole === null) {
      said.textContent = `Total so far: ${english(total)}`;
      return;
    }
    const gap = whole - total;
    const rest =
      gap === 0 ? "That is everybody." : gap > 0 ? `${english(gap)} still to place.` : `${english(-gap)} too many.`;
    said.textContent = `Total so far: ${english(total)} of ${english(whole)} new people. ${rest}`;
  };
  group.addEventListener("input", count);
  count();
}

// Beside a number: the year so far with what is typed now.
for (const fact of document.querySelectorAll("[data-year-before]")) {
  const box = fact.closest(".govuk-form-group").querySelector("input");
  const [label, sum] = fact.children;
  const show = "money" in fact.dataset ? pounds : english;
  box.addEventListener("input", () => {
    const typed = read(box.value);
    label.textContent = typed === null ? "This year so far" : "This year with this quarter";
    sum.textContent = show(Number(fact.dataset.yearBefore) + (typed ?? 0));
  });
}

// How many needed answers are left on the page.
const left = document.querySelector("[data-needed-left]");
if (left) {
  const needed = [...document.querySelectorAll(".app-needed")].map((mark) => mark.closest(".govuk-form-group"));
  const filled = (group) =>
    [...group.querySelectorAll("input, textarea")].some((box) =>
      box.type === "radio" ? box.checked : box.value.trim() !== "",
    );
  document.addEventListener("input", () => {
    const empty = needed.filter((group) => !filled(group)).length;
    const all = needed.length === 1 ? "1 needed answer" : `${needed.length} needed answers`;
    left.textContent = empty
      ? `${empty} of ${all} on this page still to fill in. The others may stay empty.`
      : "Every needed answer on this page is filled in.";
  });
}
