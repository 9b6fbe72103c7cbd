"""The ward supervisor: who looks at whom, what may be closed, and how much the ward can take."""

from tools.manual.tasks.steps import Chapter, Fill, Follow, Menu, Pick, Picture, Press, Seen, Step, Task, Tick, Trouble

ROW = "article.wl-r:has(a[href*='{task.%s}'])"
CLOSE, RETURN = "form:has([value=close])", "form:has([value=return])"

ASSIGN = Task(
    name="assign",
    title="児童の担当を決める",
    purpose="未割り当ての児童を残さず、相談員の受け持ちがかたよらないようにします。",
    before=("相談員の今週の予定。右の「受け持ち」に、いま何人を受け持っているかが出ます。",),
    steps=(
        Step(
            "「今日の仕事」で「未割り当て」を押します。",
            (Menu("今日の仕事"), Follow("未割り当て")),
            (Seen("未確認"), Seen("今日から")),
        ),
        Step(
            "割り当てる児童の左の四角を押してえらびます。何人でもえらべます。下に、えらんだ人数が出ます。",
            (Tick(within="article.wl-r >> nth=1"),),
            (Seen("1", "[data-count]"),),
            Picture("えらんだ児童と、担当をえらぶ欄", mark=".bulk .btn.go", high=768),
        ),
        Step(
            "「担当を」の欄で相談員をえらび、「えらんだ児童を割り当てる」を押します。相談員の「今日の仕事」に知らせが出ます。",
            (Pick("担当を", "田島 さゆり"), Press("えらんだ児童を割り当てる")),
            (Seen("田島 さゆり さんに割り当てました。"),),
        ),
    ),
    troubles=(
        Trouble(
            "相談員が欄に出てこない",
            "担当になれるのは、その区のアカウントのある職員です。情報システム課に、アカウントを確かめてもらってください。",
        ),
        Trouble(
            "担当を替えたい",
            "「すべて」で児童をえらび、新しい担当に割り当てます。書いた所見と記録はそのまま残ります。",
        ),
    ),
)
CLOSING = Task(
    name="close",
    title="終結を承認する",
    purpose="相談員の判断を、もう1人の目で確かめてから終わりにします。自分が判断した児童の終結は承認できません。",
    before=("相談員の所見と、児童記録を読む時間。",),
    steps=(
        Step(
            "「今日の仕事」で「終結の確認まち」を押し、児童の氏名を押します。",
            (
                Menu("今日の仕事"),
                Follow("終結の確認まち"),
                Follow(within=f"{ROW % 'closing_case'} .kid"),
                Follow("経過と支援"),
            ),
            (Seen("経過と支援", "h1"), Seen("終結の確認まち")),
        ),
        Step(
            "「所見」の判断と理由、「児童記録と添付」を読みます。わからないままの項目がないかも確かめます。",
            (),
            (Seen("訪問して確かめたため。"),),
            Picture("終結の確認まちの児童", high=768),
        ),
        Step(
            "終わりにしてよいときは、「理由」を書いて「終結を承認する」を押します。",
            (
                Fill("理由", "所見と学校の記録で、心配がなくなったことを確かめた。", CLOSE),
                Press("終結を承認する", CLOSE),
            ),
            (Seen("記録しました。"), Seen("終結")),
        ),
    ),
    troubles=(
        Trouble(
            "「自分の判断を自分で承認することはできません。」と出る",
            "自分の所見で終わりにする児童です。ほかの係長に頼んでください。",
        ),
    ),
)
RETURNING = Task(
    name="return",
    title="理由をつけて差し戻す",
    purpose="確かめ足りないところがあるときは、何を確かめるかを書いて担当にもどします。",
    before=(),
    steps=(
        Step(
            "終結の確認まちの児童の「経過と支援」を開きます。",
            (
                Menu("今日の仕事"),
                Follow("終結の確認まち"),
                Follow(within=f"{ROW % 'returned_case'} .kid"),
                Follow("経過と支援"),
            ),
            (Seen("差し戻す"),),
        ),
        Step(
            "「差し戻す」の「理由」に、確かめてほしいことを書きます。",
            (Fill("理由", "きょうだいのようすを、園に聞いてください。", RETURN),),
            (Seen("理由をつけて差し戻す"),),
            Picture("差し戻す理由を書く欄", of=f"section:has({RETURN})", high=360),
        ),
        Step(
            "「理由をつけて差し戻す」を押します。担当の「今日の仕事」に知らせが出て、児童は「確認中」にもどります。",
            (Press("理由をつけて差し戻す", RETURN),),
            (Seen("記録しました。"), Seen("確認中")),
        ),
    ),
    troubles=(
        Trouble(
            "理由を書かずに押した", "記録されず、理由を求められます。担当が次に何をするかがわかるように書いてください。"
        ),
    ),
)
CAPACITY = Task(
    name="capacity",
    title="区が受け持てる数を決める",
    purpose="一覧の長さを、区が1か月に受け持てる数に合わせます。こえた児童は「待ち」になり、見えたまま残ります。"
    "「必ず見る」の児童は待ちません。",
    before=("相談員の人数と、来月の予定。",),
    steps=(
        Step(
            "「今日の仕事」の右にある「受け持てる数」を押します。いまの数と「待ち」の人数を見ます。",
            (Menu("今日の仕事"), Follow("受け持てる数", "aside")),
            (Seen("受け持てる数", "h1"), Seen("南区の数を決める")),
            Picture("受け持てる数と、これまでの記録", high=640),
        ),
        Step(
            "「1か月に受け持てる新しい児童」と「理由」を書き、「この数を記録する」を押します。次の夜間処理から使われます。",
            (
                Fill("1か月に受け持てる新しい児童", "27"),
                Fill("理由", "来月から相談員が1人増えるため。", "form[data-draft]"),
                Press("この数を記録する"),
            ),
            (Seen("南区の受け持てる数を記録しました。"), Seen("来月から相談員が1人増えるため。")),
        ),
    ),
    troubles=(
        Trouble(
            "「待ち」が長く続く",
            "順番は、段階、点数、待っている長さで決まります。先に見る児童がいるときは、「待ち」からえらんで割り当てられます。",
        ),
    ),
)
CHAPTER = Chapter(
    name="ward_supervisor",
    title="区の係長",
    username="minami-supervisor",
    role="ward_supervisor",
    about="自分の区の担当を決め、終結を承認し、区が受け持てる数を決めます。",
    tasks=(ASSIGN, CLOSING, RETURNING, CAPACITY),
)
