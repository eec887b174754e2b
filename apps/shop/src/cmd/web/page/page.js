// Brings the list of orders up to date while the page is looked at.
const list = document.getElementById("orders");

async function refresh() {
  if (!document.hidden) {
    const answer = await fetch("/orders").catch(() => undefined);
    if (answer?.ok) list.innerHTML = await answer.text();
  }
  setTimeout(refresh, 2000);
}

setTimeout(refresh, 1000);
