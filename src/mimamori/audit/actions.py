"""What the trail can tell of; an action that is not listed is not recorded but refused."""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str]] = {
    "sign_in": ("サインイン", "signed in"),
    "sign_out": ("サインアウト", "signed out"),
    "sign_in_failed": ("サインイン失敗", "failed to sign in"),
    "denied": ("拒否", "was refused"),
    "karte.open": ("個人カルテの閲覧", "opened a karte"),
    "karte.viewers": ("閲覧者の確認", "looked at who saw a karte"),
    "disclose": ("開示の文書の作成", "made a document for disclosure"),
    "search": ("検索", "searched"),
    "list": ("一覧の表示", "saw a list"),
    "linkage.explain": ("名寄せの根拠の閲覧", "saw why rows belong to a case"),
    "pair.open": ("名寄せの組の閲覧", "opened a pair"),
    "pair.decide": ("名寄せの判断", "decided on a pair"),
    "pair.confirm": ("名寄せの判断(2人目)", "gave the second word on a pair"),
    "pair.settle": ("名寄せの判断(裁定)", "settled a disputed pair"),
    "pair.undo": ("名寄せの判断の取り消し", "took back a decision on a pair"),
    "sample.draw": ("名寄せの標本の抽出", "drew a sample of links"),
    "finding.take": ("抽出の受け入れ", "took findings in"),
    "finding.assign": ("割り当て", "assigned a finding"),
    "finding.start": ("確認の開始", "began to look"),
    "finding.draft": ("所見の下書き", "kept a draft assessment"),
    "finding.assess": ("所見の記録", "recorded an assessment"),
    "finding.refer": ("つなぎ", "referred"),
    "finding.answer": ("つなぎ先の返事", "recorded an answer"),
    "finding.close": ("終結", "closed a finding"),
    "finding.return": ("差し戻し", "sent a finding back"),
    "finding.look_again": ("再確認", "looks again"),
    "finding.move": ("区の移動", "a finding moved with its child"),
    "finding.follow": ("名寄せへの追随", "a finding followed its child's case number"),
    "finding.reopen": ("再開", "reopened a finding"),
    "condition.propose": ("抽出条件の提案", "proposed conditions"),
    "condition.approve": ("抽出条件の承認", "approved conditions"),
    "statistics.export": ("統計の書き出し", "exported statistics"),
    "night.run": ("夜間処理", "ran the night"),
    "quarantine.see": ("隔離行の閲覧", "saw quarantined rows"),
    "delivery.receive": ("提供の受領", "received a delivery"),
    "delivery.upload": ("提供ファイルのアップロード", "uploaded delivery files"),
    "delivery.restart": ("受領のやり直し", "started a receive again"),
    "delivery.confirm": ("提供の確認", "confirmed a doubtful delivery"),
    "delivery.withdraw": ("アップロードの取り下げ", "withdrew an upload"),
    "media.receive": ("媒体の受領", "received a removable medium"),
    "media.refuse": ("媒体の受領拒否", "refused a removable medium"),
    "media.erase": ("媒体の消去の記録", "recorded the erasure of a medium"),
    "media.trust": ("媒体の送り手の登録", "registered a sender of media"),
    "trail.see": ("監査記録の閲覧", "saw the trail"),
    "trail.verify": ("監査記録の検証", "verified the trail"),
    "account.create": ("アカウントの作成", "made an account"),
    "account.change": ("アカウントの変更", "changed an account"),
    "account.disable": ("アカウントの停止", "disabled an account"),
}


def action_label(action: str, language: str) -> str:
    """The action in words; an action of an older version is shown as it was written."""
    ja, en = ACTIONS.get(action, (action, action))
    return en if language.startswith("en") else ja
