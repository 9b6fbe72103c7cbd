"""What everybody does: signing in, finding the way, leaving the seat."""

from tools.manual.tasks.steps import Chapter, Fill, Go, Key, Picture, Press, Seen, Step, Task, Trouble

SIGN_IN = Task(
    name="sign-in",
    title="サインインする",
    purpose="自分の利用者名で入ります。だれが、いつ、何を見て何をしたかは、利用者名とともにすべて記録されます。",
    before=(
        "利用者名と、はじめのパスワードを情報システム課から受け取っていること。",
        "庁内の業務用の端末であること。",
    ),
    steps=(
        Step(
            "システムのアドレスを開きます。「サインイン」の画面が出ます。",
            (Go("/"),),
            (Seen("利用者名とパスワードで入ります"),),
            Picture("サインインの画面", high=620),
        ),
        Step(
            "「利用者名」と「パスワード」を入れ、「サインインする」を押します。",
            (Fill("利用者名", "{username}"), Fill("パスワード", "{password}"), Press("サインインする")),
            (Seen("今日の仕事", "h1"),),
        ),
        Step(
            "役割の最初の画面が開きます。上の列がメニューで、役割で開ける画面だけが並びます。"
            "右上に、自分の氏名と所属が出ていることを確かめます。",
            (),
            (Seen("南区 相談員", ".who"),),
            Picture("メニューと、自分の氏名・所属", mark=".who", high=230),
        ),
    ),
    troubles=(
        Trouble(
            "パスワードを忘れた、何度もまちがえてロックされた",
            "情報システム課に連絡してください。ほかの人の利用者名では入らないでください。",
        ),
        Trouble(
            "はじめのパスワードのまま使っている",
            "右上の自分の氏名を押すと、パスワードを変える画面が開きます。12文字以上の、自分だけが知るものに変えてください。",
        ),
        Trouble(
            "メニューに使いたい画面がない",
            "役割で開けない画面は出ません。役割がちがうときは、情報システム課に連絡してください。",
        ),
    ),
)
KEYS = Task(
    name="keys",
    title="キーボードで操作する",
    purpose="マウスを使わずに、すべての操作ができます。よく使う操作には1文字のキーがあります。",
    before=(),
    steps=(
        Step(
            "文字を入れる欄の外で「?」キーを押します。キーの一覧が出ます。",
            (Key("?"),),
            (Seen("キーの一覧", "dialog"), Seen("児童を探す", "dialog")),
            Picture("キーの一覧", of="dialog"),
        ),
        Step(
            "読み終えたら「とじる」を押します。",
            (Press("とじる", "dialog"),),
            (Seen("今日の仕事", "h1"),),
        ),
    ),
    troubles=(
        Trouble(
            "1文字のキーが、読み上げソフトなどほかの操作とぶつかる",
            "キーの一覧で「1文字のキーを使う」のチェックを外します。",
        ),
    ),
)
AWAY = Task(
    name="away",
    title="席を離れる",
    purpose="離れている間に、ほかの人が児童の情報を見ることを防ぎます。短い時間でも、席を立つときは必ず行います。",
    before=(),
    steps=(
        Step(
            "右上の「離席」を押します。すぐにサインアウトし、画面から児童の情報が消えます。",
            (Press("離席", "header"),),
            (Seen("サインイン", "h1"),),
            Picture("離席のあとの画面", high=620),
        ),
        Step(
            "もどったら、「利用者名」と「パスワード」を入れて「サインインする」を押します。書きかけの文は、下書きに残っています。",
            (Fill("利用者名", "{username}"), Fill("パスワード", "{password}"), Press("サインインする")),
            (Seen("今日の仕事", "h1"),),
        ),
    ),
    troubles=(
        Trouble(
            "30分のあいだ操作せず、サインアウトしていた",
            "もう一度サインインしてください。書いていた画面にもどり、書いたことは下書きに残っています。",
        ),
    ),
)
CHAPTER = Chapter(
    name="everyone",
    title="はじめに(すべての職員)",
    username="minami-worker",
    role="ward_worker",
    about="どの役割の職員も、はじめに読んでください。画面の例は、区の相談員のものです。",
    tasks=(SIGN_IN, KEYS, AWAY),
    begins_outside=True,
)
