// What the pages gain where scripts run; without it every button is a plain form or link.
(() => {
  "use strict";
  document.documentElement.classList.add("scripts");

  const say = (near, words) => {
    let message = near.parentElement.querySelector("[data-message]");
    if (!message) {
      message = document.createElement("span");
      message.dataset.message = "";
      message.className = "soft";
      message.setAttribute("role", "status");
      near.after(message);
    }
    message.textContent = words;
  };

  const openAll = (button) => {
    const links = [...button.closest(".cart").querySelectorAll("[data-cart]")];
    const held = links.filter((link) => {
      const page = window.open(link.href);
      if (page) page.opener = null;
      return !page;
    });
    say(button, held.length === 0
      ? `Opened ${links.length} pages.`
      : `Your browser held back ${held.length} of ${links.length} pages: allow pop-ups here, or use the link beside each record.`);
  };

  const copyText = async (link) => {
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.statusText);
      await navigator.clipboard.writeText(await answer.text());
      say(link, "Copied.");
    } catch {
      location.href = link.href;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open-all], [data-copy]");
    if (!button) return;
    event.preventDefault();
    if ("copy" in button.dataset) copyText(button);
    else openAll(button);
  });

  // Which recommendations were looked at counts in the next ones.
  document.addEventListener("click", (event) => {
    const form = event.target.closest(".rec .what a:not(.by a), .rec .deal p a")?.closest(".rec").querySelector("form");
    if (!form) return;
    const fields = new FormData(form);
    fields.set("act", "open");
    navigator.sendBeacon(form.action, new URLSearchParams(fields));
  });

  // What a script asks for says when it could not: a page that stays as it was would look like success.
  for (const name of ["htmx:error", "htmx:response:error"]) {
    document.addEventListener(name, (event) => {
      const asked = event.target;
      if (asked.matches?.("form")) say(asked, "That did not work. Try again.");
      else if (asked.matches?.("[data-silent]")) say(asked, asked.dataset.silent);
    });
  }
  document.addEventListener("htmx:after:request", (event) => {
    event.target.parentElement?.querySelector(":scope > [data-message]")?.replaceChildren();
  });

  // A cover that does not load leaves the plain sleeve behind it.
  document.addEventListener("error", (event) => {
    if (event.target.matches?.(".cover img")) event.target.remove();
  }, true);

  const step = (by) => {
    const cards = [...document.querySelectorAll(".rec")];
    if (cards.length === 0) return;
    const at = cards.indexOf(document.activeElement?.closest(".rec"));
    const card = cards[Math.min(cards.length - 1, Math.max(0, at + by))];
    card.focus();
    card.scrollIntoView({ block: "center" });
  };

  const press = (key) => {
    const card = document.activeElement?.closest(".rec");
    const button = card?.querySelector(`[data-key="${key}"]`) ?? (key === "u" ? card?.querySelector(".love.on") : null);
    if (!button) return;
    const id = card.id;
    button.click();
    document.addEventListener("htmx:after:swap", () => document.getElementById(id)?.focus(), { once: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input, select, textarea")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (["l", "h", "u", "w"].includes(event.key)) press(event.key);
  });

  // Beneath a search box the arrows walk through what may be meant; Escape closes it.
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.(".find");
    if (!box) return;
    const meant = [...box.querySelectorAll(".meant a")];
    const at = meant.indexOf(document.activeElement);
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && meant.length > 0) {
      event.preventDefault();
      const to = at + steps[event.key];
      if (to < 0) box.querySelector("input").focus();
      else meant[Math.min(meant.length - 1, to)].focus();
    } else if (event.key === "Escape" && meant.length > 0) {
      event.preventDefault();
      box.querySelector("input").focus();
      box.querySelector(".meant").replaceChildren();
    }
  });

  const dropInto = (zone) => {
    const input = zone.querySelector("input[type=file]");
    const over = (event) => {
      event.preventDefault();
      zone.classList.toggle("over", event.type === "dragover");
    };
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", over);
    zone.addEventListener("drop", (event) => {
      over(event);
      if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".drop").forEach(dropInto);
    document.querySelectorAll(".cover img").forEach((one) => { if (one.complete && !one.naturalWidth) one.remove(); });
  });
})();
