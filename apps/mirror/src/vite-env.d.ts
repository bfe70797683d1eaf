interface ImportMetaEnv {
  /** The Fermata server's origin, such as `https://studio.example.com`. */
  readonly VITE_FERMATA_URL?: string;
}
