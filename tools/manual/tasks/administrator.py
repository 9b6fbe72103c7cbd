"""The administrator: accounts are made and stopped."""

from tools.manual.tasks.steps import Chapter, Fill, Menu, Pick, Picture, Press, Seen, Step, Task, Trouble

MAKE = Task(
    name="make",
    title="アカウントを作る",
    purpose="1人の職員に1つのアカウントを作ります。共用のアカウントは作りません。",
    before=("所属長からの申請。氏名、役割、区の職員は区。",),
    steps=(
        Step(
            "メニューの「アカウント」を開き、右の「アカウントを作る」に「利用者名」「氏名」「役割」を入れます。区の職員は「区」もえらびます。",
            (
                Menu("アカウント"),
                Fill("利用者名", "nishi-worker"),
                Fill("氏名", "黒木 渚"),
                Pick("役割", "区 相談員"),
                Pick("区", "西区"),
            ),
            (Seen("アカウントを作る"),),
            Picture("アカウントの画面", high=640),
        ),
        Step(
            "「アカウントを作る」を押します。はじめのパスワードが、一度だけ出ます。",
            (Press("アカウントを作る"),),
            (Seen("アカウント nishi-worker を作りました。"), Seen("はじめのパスワード(もう一度は表示しません)")),
        ),
        Step(
            "はじめのパスワードを、本人に直接渡します。メールには書きません。本人は、最初に自分のパスワードに変えます。",
            (),
            (Seen("黒木 渚", "table"),),
        ),
    ),
    troubles=(
        Trouble(
            "はじめのパスワードを控えなかった",
            "もう一度は表示できません。アカウントを停止し、別の利用者名で作り直してください。",
        ),
        Trouble(
            "役割をまちがえた",
            "アカウントを停止し、正しい役割で作り直してください。止める前の記録は、前の役割のまま残ります。",
        ),
    ),
)
STOP = Task(
    name="stop",
    title="アカウントを停止する",
    purpose="異動や退職のとき、その日のうちに使えなくします。記録は残ります。",
    before=("所属長からの届け。担当している児童の引き継ぎは、係長が行います。",),
    steps=(
        Step(
            "「アカウント」の表で、止める人の行の「停止する」を押します。",
            (Menu("アカウント"), Press("nishi-worker を停止する")),
            (Seen("アカウント nishi-worker を停止しました。"),),
            Picture("停止したあとの表", high=640),
        ),
        Step(
            "「状態」が「停止」になったことを確かめます。開いている画面も、次の操作から使えません。",
            (),
            (Seen("停止", "tr:has-text('nishi-worker')"),),
        ),
    ),
    troubles=(
        Trouble(
            "自分のアカウントを止めたい",
            "自分では止められません。ほかの情報システム課の職員に頼んでください。",
        ),
    ),
)
CHAPTER = Chapter(
    name="administrator",
    title="情報システム課",
    username="administrator",
    role="administrator",
    about="アカウントを作り、止めます。児童の内容は見られません。",
    tasks=(MAKE, STOP),
)
