import { createContext } from "react";

/** Closes the dialog that stands around, as Escape does. */
export const CloseDialog = createContext(() => {});
