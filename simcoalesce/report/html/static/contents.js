// Contents: the list beside a page marks the part that is read.

/** Mark in the contents the last heading above the middle of the window. */
export function followContents() {
  const links = [...document.querySelectorAll(".contents a")];
  const parts = links.map((link) => document.getElementById(link.hash.slice(1)));
  const mark = () => {
    const passed = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 3);
    const isEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const at = isEnd ? parts.length - 1 : passed.length - 1;
    links.forEach((link, place) => link.toggleAttribute("aria-current", place === at));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}
