"""The data officer: how fresh the deliveries are, what is in quarantine, files to receive."""

from tools.manual.tasks.steps import Chapter, Follow, Hand, Menu, Picture, Press, Save, Seen, Step, Task, Trouble

RECEIVE = Task(
    name="receive",
    title="提供ファイルを受領する",
    purpose="保有課から届いたファイルを検査し、使える行だけを保存します。",
    before=(
        "保有課から届いたままのファイル。開いて保存し直すと、先頭の0や外字が失われます。",
        "送り状(.manifest.json)があれば、一緒にえらびます。",
    ),
    steps=(
        Step(
            "メニューの「データの受領」を開き、「ファイルを受領する」を押します。",
            (Menu("データの受領"), Follow("ファイルを受領する")),
            (Seen("ファイルの受領", "h1"),),
        ),
        Step(
            "「ファイル」でファイルをえらびます。いくつでもえらべ、ZIP でもかまいません。",
            (Hand("ファイル", "extract"),),
            (Seen("childcare.certifications", "[data-chosen]"),),
            Picture("えらんだファイル", high=620),
        ),
        Step(
            "「えらんだファイルを受領する」を押します。検査の進みが出ます。ほかの画面を開いていてもかまいません。",
            (Press("えらんだファイルを受領する"),),
            (Seen("内容がまったく同じです"),),
            Picture("確かめることがある受領", high=560),
        ),
        Step(
            "確かめることがあれば、理由を読みます。ここでは前の回と内容が同じなので、保有課に確かめます。"
            "正しければ「確認して受領する」、まちがいなら「取り下げて、ファイルを消す」を押します。",
            (Press("取り下げて、ファイルを消す"),),
            (Seen("取り下げました。渡したファイルは消しました。"),),
        ),
    ),
    troubles=(
        Trouble(
            "「受領していません」と出る",
            "表の「理由」を読みます。名前からシステムがわからないファイルは、名前を「システム.表.基準日.csv」の形に直すか、"
            "送り状を付けてもらいます。",
        ),
        Trouble(
            "個人番号の列があるファイルが届いた",
            "受領されません。保有課に連絡して、個人番号のないファイルを作り直してもらってください。",
        ),
    ),
)
QUARANTINE = Task(
    name="quarantine",
    title="隔離した行を調べ、保有課に返す",
    purpose="使えなかった行を、理由とともに保有課に返して直してもらいます。隔離した行は使われません。",
    before=(),
    steps=(
        Step(
            "「データの受領」の表で「隔離」の数を見て、システムの名前を押します。",
            (Menu("データの受領"), Follow("住民記録システム")),
            (Seen("隔離した行"), Seen("受領した行")),
            Picture("1回の提供の報告", high=560),
        ),
        Step(
            "「隔離した行」の表で、ファイル、行、項目、理由を読みます。中身は出ません。保有課のファイルで確かめます。",
            (),
            (Seen("コード表にない値です。"),),
            Picture("隔離した行", of="section:has(> header h2:text-is('隔離した行'))", high=420),
        ),
        Step(
            "「この報告を JSON で保存する」を押し、保存したファイルを保有課に渡します。",
            (Save("この報告を JSON で保存する", ".json"),),
            (Seen("隔離した行"),),
        ),
    ),
    troubles=(
        Trouble(
            "ふだんより空欄の多い項目がある",
            "「気づいたこと」に印が出ます。保有課のシステムが変わっていないかを聞いてください。",
        ),
    ),
)
CHAPTER = Chapter(
    name="data_officer",
    title="情報担当",
    username="data-officer",
    role="data_officer",
    about="各課から届くファイルを受領し、品質を確かめます。個人カルテは見られません。",
    tasks=(RECEIVE, QUARANTINE),
)
