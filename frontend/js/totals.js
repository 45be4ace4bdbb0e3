// The sums below a grid of amounts follow what is typed. The server adds them up again when the page is sent.
const PLAIN = /^£?\s*(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?$/;
// In pence, so that nothing is lost in fractions. Empty is nought; what cannot be read is null.
const pence = (text) => {
  const typed = text.trim();
  if (typed === "" || typed === "–" || typed === "none") return 0;
  return PLAIN.test(typed) ? Math.round(Number(typed.replace(/[£,\s]/g, "")) * 100) : null;
};
const shown = (sum) =>
  sum === null
    ? "–"
    : (sum / 100).toLocaleString("en-GB", {
        minimumFractionDigits: sum % 100 ? 2 : 0,
        maximumFractionDigits: 2,
      });
const whole = (sum) => (sum / 100).toLocaleString("en-GB", { style: "currency", currency: "GBP" });
const added = (values) => values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);

// What a cell holds now: its box, or the later of the two amounts it shows.
const standing = (cell) => cell.querySelector(".app-change > :last-child") ?? cell;
const held = (cell) => {
  const box = cell.querySelector("input");
  return pence(box ? box.value : standing(cell).textContent);
};

for (const table of document.querySelectorAll("table[data-adds-up-to]")) {
  const award = pence(table.dataset.addsUpTo);
  const said = document.getElementById(table.dataset.saidIn);
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1));
  const feet = [...table.tFoot.rows[0].cells].slice(1);
  const count = () => {
    for (const cells of rows) {
      const sum = cells.find((cell) => "rowSum" in cell.dataset);
      if (sum) standing(sum).textContent = shown(added(cells.filter((cell) => cell !== sum).map(held)));
    }
    feet.forEach((foot, place) => {
      foot.textContent = shown(added(rows.map((cells) => held(cells[place]))));
    });
    const total = added(rows.flatMap((cells) => cells.filter((cell) => !("rowSum" in cell.dataset)).map(held)));
    if (!said) return;
    said.hidden = false;
    said.classList.toggle("app-over", total !== award);
    if (total === null) said.textContent = "Some of these are not amounts yet.";
    else if (total === award) said.textContent = `Together ${whole(total)}, which is the award.`;
    else
      said.textContent = `Together ${whole(total)}: ${whole(Math.abs(award - total))} ${
        total < award ? "short of" : "more than"
      } the award of ${whole(award)}.`;
  };
  table.addEventListener("input", count);
}
