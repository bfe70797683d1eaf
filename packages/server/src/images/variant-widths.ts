/** The widths in pixels that photos are scaled to; those of files stand in the contract. */
export const mediaWidths = [320, 640, 960, 1280, 1920, 2560] as const;
