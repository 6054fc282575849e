// The connection to the server: questions go by POST, answers come as server-sent events.

const RETRY_MS = 1000;
const EVENTS = ["hello", "charts", "page", "numbers", "progress", "problem", "why",
  "explained", "finished", "stopped"];

export class Connection {
  /** Listen for events; `heard` gets their names and what they say. */
  constructor(heard) {
    this.heard = heard;
    this.page = crypto.randomUUID();
    this.number = 0;
    this.open();
  }

  open() {
    this.source = new EventSource(`/events?page=${this.page}`);
    for (const name of EVENTS) {
      this.source.addEventListener(name, (event) => this.heard(name, JSON.parse(event.data)));
    }
    this.source.onerror = () => this.lost();
  }

  lost() {
    this.source.close();
    this.heard("lost", {});
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), RETRY_MS);
  }

  /** Ask; return the number that its answers have. */
  ask(what, more) {
    this.number += 1;
    const number = this.number;
    const body = JSON.stringify({ what, number, page: this.page, ...more });
    fetch("/ask", { method: "POST", headers: { "Content-Type": "application/json" }, body })
      .then((answer) => (answer.ok ? null : this.refused(answer, number, what)))
      .catch(() => this.lost());
    return number;
  }

  async refused(answer, number, what) {
    if (answer.status === 409) return this.lost();
    const { message } = await answer.json();
    const problems = [{ key: "", where: "", message }];
    return this.heard("problem", { number, of: what, problems });
  }
}
