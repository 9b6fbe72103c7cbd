"""The manager at headquarters: conditions are approved or sent back, statistics are read."""

from tools.manual.tasks.steps import (
    Chapter,
    Fill,
    Follow,
    Menu,
    Picture,
    Press,
    Save,
    Seen,
    Step,
    Task,
    Trouble,
    Unfold,
)

RETURN = "form:has([value=return])"

APPROVE = Task(
    name="approve",
    title="抽出条件を承認する",
    purpose="児童を一覧に載せる条件を、書いた人とは別の人が確かめて決めます。",
    before=("どの会議で、どのような意見があったかの控え。", "使いはじめる日。"),
    steps=(
        Step(
            "メニューの「抽出条件」を開き、「承認まち」のある類型をえらんで、承認まちの版を開きます。",
            (Menu("抽出条件"), Follow("産後うつ"), Follow("第3版")),
            (Seen("承認まち"), Seen("この版を承認する")),
            Picture("承認まちの版", high=680),
        ),
        Step(
            "「使われている版とのちがい」と「専門家の意見」、2つの検証の結果を読みます。",
            (),
            (Seen("ペルソナによる検証"), Seen("過去のデータによる検証"), Seen("使われている版とのちがい")),
        ),
        Step(
            "「使いはじめる日」を入れ、「この版を承認する」を押します。その日の夜間処理から、この版で抽出します。",
            (Fill("使いはじめる日", "{in_14_days}"), Press("この版を承認する")),
            (Seen("から使われます"),),
        ),
    ),
    troubles=(
        Trouble(
            "「この版を承認する」が押せない",
            "検証が終わっていないか、自分が書いた版です。理由がボタンのそばに出ます。",
        ),
        Trouble(
            "承認したあとで、まちがいに気づいた",
            "こども見守り支援課に伝え、前の版にもどすか、新しい版を作ってもらってください。",
        ),
    ),
)
SEND_BACK = Task(
    name="send-back",
    title="抽出条件を差し戻す",
    purpose="直してほしいところがあるとき、理由を書いて検証にもどします。",
    before=(),
    steps=(
        Step(
            "承認まちの版を開き、「検証に差し戻す」を押して開きます。",
            (Menu("抽出条件"), Follow("発達"), Follow("第3版"), Unfold("検証に差し戻す")),
            (Seen("検証に差し戻す"),),
        ),
        Step(
            "「理由」に、何を確かめてほしいかを書き、「検証に差し戻す」を押します。",
            (
                Fill("理由", "健診の受診が遅れた児童の扱いを、保健センターに聞いてください。", RETURN),
                Press("検証に差し戻す", RETURN),
            ),
            (Seen("健診の受診が遅れた児童の扱いを、保健センターに聞いてください。"),),
            Picture("差し戻したあとの版の記録", of="section.panel:has(h2:text-is('この版の記録'))", high=360),
        ),
    ),
    troubles=(
        Trouble(
            "理由を書かずに押した",
            "記録されず、理由を求められます。書いた人が次に何をするかがわかるように書いてください。",
        ),
    ),
)
STATISTICS = Task(
    name="statistics",
    title="統計を見て、表を書き出す",
    purpose="どの区で、どの困難の児童が、どの段階まで進んでいるかを知り、施策に生かします。児童は1人も特定されません。",
    before=(),
    steps=(
        Step(
            "メニューの「統計」を開きます。「秘匿」は、10人未満の数と、引き算でそれがわかってしまう数です。",
            (Menu("統計"),),
            (Seen("困難の類型ごと"), Seen("秘匿")),
            Picture("統計の画面", high=640),
        ),
        Step(
            "「表を書き出す(CSV)」を押します。画面と同じ表が、秘匿したままファイルになります。書き出しは記録されます。",
            (Save("表を書き出す(CSV)", ".csv"),),
            (Seen("統計", "h1"),),
        ),
    ),
    troubles=(
        Trouble(
            "秘匿された数を知りたい",
            "この画面からは、だれにも出せません。必要な理由を、こども見守り支援課で話し合ってください。",
        ),
    ),
)
CHAPTER = Chapter(
    name="manager",
    title="こども見守り支援課 課長",
    username="manager",
    role="manager",
    about="抽出条件を承認し、統計を見ます。目的なしに個人カルテを開くことはありません。",
    tasks=(APPROVE, SEND_BACK, STATISTICS),
)
