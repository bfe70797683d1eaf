/**
 * The drawing of a recording shows what was played, and is pressed where it is to go on.
 * It goes into the page as it stands, so it knows nothing from outside of itself.
 */
export function moveSounds() {
  for (const frame of document.querySelectorAll("[data-sound]")) {
    const sound = frame.querySelector("audio");
    const position = frame.querySelector("input");
    const [played, rest] = frame.querySelectorAll("path");
    if (!sound || !position || !played || !rest) continue;
    const bars = (rest.getAttribute("d") ?? "").split(/(?=M)/);
    const clock = (seconds: number) => {
      const whole = Math.round(seconds);
      return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    };
    const draw = () => {
      const { currentTime, duration } = sound;
      if (!Number.isFinite(duration) || duration <= 0) return;
      position.hidden = false;
      position.max = String(duration);
      position.value = String(currentTime);
      position.setAttribute("aria-valuetext", `${clock(currentTime)} of ${clock(duration)}`);
      const until = Math.round((currentTime / duration) * bars.length);
      played.setAttribute("d", bars.slice(0, until).join(""));
      rest.setAttribute("d", bars.slice(until).join(""));
    };
    for (const event of ["timeupdate", "durationchange"]) sound.addEventListener(event, draw);
    position.addEventListener("input", () => {
      sound.currentTime = Number(position.value);
    });
    draw();
  }
}
