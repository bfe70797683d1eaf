declare module "@fermata/api/styles.css";
