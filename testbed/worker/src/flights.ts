/** The in-flight map: fetches begun and not completed, which others may join. */

import { type Answer, asFollowed, asFollowedFailure, asLed } from "./answer";

/** Which end of the promise removes it from the map. */
export type Cleanup = "finally" | "on_success" | "on_failure" | "never";

export class Flights {
  private readonly inFlight = new Map<string, Promise<Answer>>();

  constructor(private readonly cleanup: Cleanup) {}

  /**
   * Wait for the fetch of a key that is under way, or begin one.
   *
   * Nothing is awaited between the look and the insert: that, and not the single
   * thread alone, is why two requests can never both begin.
   */
  join(key: string, fetch: () => Promise<Answer>): Promise<Answer> {
    const flight = this.inFlight.get(key);
    if (flight !== undefined) return flight.then(asFollowed, asFollowedFailure);
    const opened = this.tidied(key, fetch().then(asLed));
    this.inFlight.set(key, opened);
    return opened;
  }

  private tidied(key: string, fetched: Promise<Answer>): Promise<Answer> {
    const remove = () => this.inFlight.delete(key);
    switch (this.cleanup) {
      case "finally":
        return fetched.finally(remove);
      case "on_success": // a failure stays: every later request gets it
        return fetched.then((answer) => {
          remove();
          return answer;
        });
      case "on_failure": // the first success stays, for as long as the map lives
        return fetched.catch((reason) => {
          remove();
          throw reason;
        });
      case "never":
        return fetched;
    }
  }
}
