import { useAnswer } from '../answer.ts';
import type { RowList } from '../api.ts';
import { counted } from '../format.ts';
import { type Edge, FlowPicture } from '../parts/flow-picture.tsx';
import { Awaited, Empty } from '../parts/states.tsx';

const READ = 100;

/** Who sends what where: from a caller or agent to a tool or model, and to a host. */
export function FlowsView() {
  const answer = useAnswer<RowList<'flows'>>(`flows?sort=-count&limit=${READ}`);
  return (
    <>
      <h1>Flows</h1>
      <Awaited answer={answer} what="flows">
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty title="No flows yet">A flow is a caller or agent together with what it reaches. The first request makes one.</Empty>
          ) : (
            <>
              <p class="quiet">
                {counted(total, 'flow')}
                {total > items.length ? `, the ${items.length} busiest shown` : ''}. Thicker means more often; red means that findings came
                this way.
              </p>
              <FlowPicture edges={items.map(edgeOf)} columns={['Source', 'Model or tool', 'Host']} />
            </>
          )
        }
      </Awaited>
    </>
  );
}

function edgeOf({ source, sourceKind, target, targetKind, count, findings }: RowList<'flows'>['items'][number]): Edge {
  const toColumn = targetKind === 'api' || targetKind === 'server' ? 2 : 1;
  return { from: source || sourceKind, to: target, fromColumn: 0, toColumn, count, bad: findings > 0 };
}
