import time, uuid, json, datetime, resource
from tests.payouts.bank import run
from webapp import db
from webapp.db import database, is_sqlite
from webapp.models.audit import AuditEntry, AuditChain
from webapp.models.cases import Case
from webapp.models.claims import *
from webapp.models.claims import PayoutFile, Payout, Claim, Destination, Hold
from webapp.models.messages import Message
from webapp.models.workers import Worker
from webapp.prepared import add_all
N=200_000
def test_scale(app, cast, now):
    worker=cast.siti_at_maju.worker
    if not is_sqlite(): database.execute_sql("SET statement_timeout=0")
    from tests.payouts.claiming import destination_of
    goal=destination_of(cast.siti)
    from webapp.receipts.signing import show_number
    with database.atomic():
        nums=[f"{i:012d}" for i in range(N)]
        pids=[uuid.uuid4() for _ in range(N)]
        wp=[uuid.uuid4() for _ in range(N)]
        add_all(Worker,[dict(id=i+1000,public_id=wp[i],nik_sealed=b"x",nik_index=f"{i:032d}",name="X",birth_date=datetime.date(1990,1,1),phone_sealed=b"x",created_at=now) for i in range(N)])
        add_all(Case,[dict(id=i+1000,public_id=pids[i],number=nums[i],kind="pencairan",branch=1,worker=i+1000,opened_by=cast.siti.id,opened_at=now,holder=None,held_since=now,closed_at=now) for i in range(N)])
        add_all(Claim,[dict(id=i+1000,case=i+1000,worker=i+1000,kind="JHT-RSG",state="DIBAYAR",amount=5,entitlement=5,destination=goal.id,submitted_by=cast.siti.id,submitted_at=now,approved=5,approved_by=cast.dewi.id,approved_at=now,paid_on=now.date()) for i in range(N)])
        from webapp.models.claims import Savings
        add_all(Savings,[dict(worker=i+1000,credited=9,taken=5,as_of=now.date()) for i in range(N)])
        for f in range(N//1000):
            PayoutFile.create(id=f+1,number=f"F{f:011d}",made_at=now,count=1000,total=5000,digest="x",result_digest="y",result_at=now)
        add_all(Payout,[dict(claim=i+1000,file=i//1000+1,amount=5,provider="BCA",number_sealed=b"x",holder_sealed=b"x",state="DIBAYAR",reported_at=now) for i in range(N)])
        ch=AuditChain.create(name="scale")
        rows=[];s=0
        for i in range(N):
            for k in ("claim:submitted","claim:approved","claim:paid"):
                s+=1; rows.append(dict(chain=ch.id,sequence=s,at=now,kind=k,actor=None,subject=wp[i],details=json.dumps({"number":show_number(nums[i])}),mac="x"))
        for f in range(N//1000):
            for k in ("payouts:exported","payouts:imported"):
                s+=1; rows.append(dict(chain=ch.id,sequence=s,at=now,kind=k,actor=None,subject=None,details=json.dumps({"number":show_number(f"F{f:011d}")}),mac="x"))
        add_all(AuditEntry,rows)
        add_all(Message,[dict(kind=k,channel="sms",worker=i+1000,about=pids[i],created_at=now,due_at=now,expires_at=now) for i in range(N) for k in ("case:claim approved","case:claim paid")])
    if not is_sqlite(): database.execute_sql("ANALYZE")
    pass
    from webapp.payouts import reconciling
    for q,_ in reconciling.CHECKS:
        t=time.perf_counter(); list(q().tuples().iterator()); print(q.__name__, round(time.perf_counter()-t,2))
