"use client";
import { useRef } from "react";
import { Dialog } from "#components/dialog.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { DeliveryDetails } from "#features/webhooks/delivery-details.tsx";
import type { Sending } from "#features/webhooks/sending.ts";
import { useDelivery } from "#features/webhooks/use-delivery.ts";
import type { ProjectRoute } from "#routes.ts";

interface DeliveryDialogProps {
  readonly project: ProjectRoute;
  /** Of the delivery; undefined while none is open. */
  readonly id: string | undefined;
  readonly sending: Sending;
  readonly manages: boolean;
  /** Shows another delivery instead, or none. */
  readonly onShow: (id: string | undefined) => void;
  /** Something was done with it. */
  readonly onChanged: () => void;
}

/** One delivery in full: what is sent, what was answered, and what may be done about it. */
export function DeliveryDialog({ id, onShow, ...rest }: DeliveryDialogProps) {
  /** The one that is shown while the dialog fades. */
  const last = useRef(id);
  if (id !== undefined) last.current = id;
  return (
    <Dialog wide open={id !== undefined} onOpenChange={(next) => !next && onShow(undefined)} title="Delivery">
      {last.current !== undefined && <OneDelivery key={last.current} id={last.current} onShow={onShow} {...rest} />}
    </Dialog>
  );
}

function OneDelivery({ id, ...rest }: DeliveryDialogProps & { readonly id: string }) {
  const { data, error, found, read } = useDelivery(id);
  return (
    <QueryState data={data} error={error}>
      {() =>
        found === null ? (
          <Empty title="There is no such delivery any more">Ended deliveries are removed after a while.</Empty>
        ) : (
          <DeliveryDetails delivery={found} onRead={read} {...rest} />
        )
      }
    </QueryState>
  );
}
