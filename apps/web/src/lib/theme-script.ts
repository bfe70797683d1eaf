export const themeKey = "fermata.theme";

/** Runs before the first paint, so that no page flashes in the wrong theme. */
export const themeScript = `(function(){try{var t=localStorage.getItem("${themeKey}");var d=t==="dark"||(t!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches);document.documentElement.classList.toggle("dark",d)}catch(e){}})()`;
