"""The auditor: who looked at what and why, and whether the trail is whole."""

from tools.manual.tasks.steps import Chapter, Menu, Pick, Picture, Press, Seen, Step, Task, Trouble

READ = Task(
    name="read",
    title="だれが何を見たかを確かめる",
    purpose="仕事に必要のない閲覧がないかを、定期的に確かめます。児童の内容とケース番号は、監査には見えません。",
    before=("確かめる期間と観点。たとえば、印刷、拒否された操作、短い間の多くの検索。",),
    steps=(
        Step(
            "メニューの「監査記録」を開きます。新しい順に並びます。監査で見たことも記録されます。",
            (Menu("監査記録"),),
            (Seen("監査記録の閲覧"), Seen("端末")),
        ),
        Step(
            "「操作」で「個人カルテの閲覧」をえらび、「しぼりこむ」を押します。だれが、何の目的で見たかがわかります。",
            (Pick("操作", "個人カルテの閲覧"), Press("しぼりこむ")),
            (Seen("K-••••", "table"), Seen("個人カルテの閲覧", "tbody")),
            Picture("個人カルテの閲覧にしぼった記録", high=560),
        ),
        Step(
            "「人」もえらんで「しぼりこむ」を押すと、1人の職員の記録だけになります。目的と仕事が合わないときは、その職員の上司に確かめます。",
            (Pick("人", "田島 さゆり"), Press("しぼりこむ")),
            (Seen("田島 さゆり", "tbody"),),
        ),
    ),
    troubles=(
        Trouble(
            "「あてはまる記録はありません。」と出る",
            "「操作」と「人」を「すべて」にもどしてください。",
        ),
        Trouble(
            "どの児童かを知る必要がある",
            "監査からは見られません。行の番号を書いて、こども見守り支援課に照会してください。",
        ),
    ),
)
VERIFY = Task(
    name="verify",
    title="記録に改ざんがないかを確かめる",
    purpose="記録は追記だけの連鎖です。消したり書き換えたりすると、連鎖が切れてわかります。",
    before=(),
    steps=(
        Step(
            "「監査記録」で「改ざんがないか確かめる」を押します。",
            (Menu("監査記録"), Press("改ざんがないか確かめる")),
            (Seen("改ざん・欠落はありません。"),),
            Picture("確かめた結果", mark=".told", high=360),
        ),
    ),
    troubles=(
        Trouble(
            "「連鎖が切れています」と出る",
            "記録を止めずに、出ている行の番号を控えて、すぐに情報システム課に連絡してください。",
        ),
    ),
)
CHAPTER = Chapter(
    name="auditor",
    title="監査",
    username="auditor",
    role="auditor",
    about="記録を調べ、記録そのものが正しいことを確かめます。児童の内容は見られません。",
    tasks=(READ, VERIFY),
)
