import { Slot } from "radix-ui";
import { createContext, type KeyboardEvent, useContext, useRef, useState } from "react";
import type { MenuChoiceProps, MenuItemProps, MenuProps } from "./open-menu";

type Parts = typeof import("./open-menu");
const loadParts = (): Promise<Parts> => import("./open-menu");

const MenuParts = createContext<Parts | null>(null);

/** A menu behind a button. Its script comes once the pointer, the focus or a finger is on the button. */
export function Menu(props: MenuProps) {
  const [parts, setParts] = useState<Parts | null>(null);
  const asked = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  if (parts) {
    return (
      <MenuParts value={parts}>
        <parts.OpenMenu
          {...props}
          isOpen={asked.current}
          hadFocus={document.activeElement === button.current}
        />
      </MenuParts>
    );
  }
  // Where it cannot be had, the next press asks for it again.
  const load = () => void loadParts().then(setParts, () => {});
  const open = () => {
    asked.current = true;
    load();
  };
  return (
    <Slot.Root
      ref={button}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={load}
      onFocus={load}
      onPointerDown={(event) => event.button === 0 && !event.ctrlKey && open()}
      onClick={open}
      onKeyDown={(event: KeyboardEvent) => event.key === "ArrowDown" && open()}
    >
      {props.trigger}
    </Slot.Root>
  );
}

export function MenuItem(props: MenuItemProps) {
  const parts = useContext(MenuParts);
  return parts && <parts.MenuItem {...props} />;
}

/** One of a few, with a tick. */
export function MenuChoice<T extends string>(props: MenuChoiceProps<T>) {
  const parts = useContext(MenuParts);
  return parts && <parts.MenuChoice {...props} />;
}

export function MenuSeparator() {
  const parts = useContext(MenuParts);
  return parts && <parts.MenuSeparator />;
}
