
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const findings = [...document.querySelectorAll("details.finding")];
  const shown = document.getElementById("shown");
  const show = () => {
    const chosen = new FormData(form);
    const ranks = new Set(chosen.getAll("rank"));
    const kind = chosen.get("kind");
    const words = chosen.get("words").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const finding of findings) {
      const { rank, kind: own, words: text } = finding.dataset;
      const fits = ranks.has(rank) && (!kind || kind === own) && words.every((word) => text.includes(word));
      finding.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${findings.length} shown`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("beforeprint", () => findings.forEach((finding) => { finding.open = true; }));
  form.hidden = false;
  show();
})();
