"""The tables, and the glossary of the field's terms.

=====================  ===============  ====================================================
On screen              In code          Meaning
=====================  ===============  ====================================================
Peserta, pekerja       Worker           a person, identified by NIK
Kepesertaan            Membership       one person at one company, with its own KPJ number
Perusahaan             Company          identified by NPP and divisi
Nonaktif tenaga kerja  Deactivation     the end of one membership
Batalkan nonaktif      undo             taking a deactivation back within its window
Minta koreksi          Correction       asking the branch to do so after the window
Kasus                  Case             a matter that worker, company or branch must act on
Permohonan             Deactivation-    a worker's wish that the company ends a membership
                       Request
Sanggahan              Objection        a worker says that a deactivation is wrong
Nonaktif di loket      WalkIn           ending a membership at the branch's counter
Pencairan, klaim       Claim            a request for money
Saldo JHT              Savings          a person's old-age savings
Rekening, e-wallet     Destination      where payouts go
Penahanan              Hold             nothing is paid out for a while
Ahli waris             Heir             who claims for somebody who died
Wawancara              Interview        a claim's slot at a branch
Lacak                  Claim.secret     letters that show its state to whoever has them
Pembayaran             Payout           one payment of one claim
Berkas pembayaran      PayoutFile       payments for the bank, with their control total
Beralih ke Mandiri     Switch           leaving a company and going on by oneself (BPU)
Kepesertaan mandiri    OwnMembership    a person's membership of their own
Tagihan iuran          Bill             contributions to be paid with a payment code
Program, gelombang     Programme, Wave  what people join, and a round of it
Pendaftar              Applicant        somebody who joined a wave
Bantuan                Assistance       money or training a person was granted
Pemblokiran            Block            an account that is blocked for a while
Pengaduan              Complaint        a ticket, also of somebody without an account
Dokumen                Paper            a file of a case, or an original shown at the counter
Kantor cabang          Branch           an office: its companies, its staff
Tanda terima           Receipt          proof of filing that anyone can check
Paklaring              WorkLetter       the work letter a deactivation produces
Pesan                  Message          an SMS or e-mail really sent
Petugas, penyelia      officer,         staff of a branch
, manajemen            supervisor,
                       manager
Keluar                 sign out         the end of a session
Tutup akun             Closure          the end of an account, never of memberships
Kode OTP               Challenge        an act that waits for its one-time code
Pemulihan akun         Recovery         new contacts, given at the branch
Syarat dan Ketentuan   Agreement        the terms, and that somebody agreed to a version
NIK                    nik              16-digit population number
Unggah                 Upload           a list of leavers that a company uploaded
KPJ                    kpj              card number of a membership (8-16 digits, usually 11)
NPP                    npp              registration number of a company
=====================  ===============  ====================================================
"""

from webapp.models.accounts import (
    Agreement,
    Authenticator,
    Challenge,
    Closure,
    Passkey,
    Recovery,
    RecoveryCode,
    SendHistory,
)
from webapp.models.audit import AuditChain, AuditCheck, AuditEntry
from webapp.models.blocks import Block, Complaint
from webapp.models.branches import Branch
from webapp.models.cases import (
    Case,
    CaseVisit,
    DeactivationRequest,
    Objection,
    Pairing,
    Paper,
    Statement,
    WalkIn,
)
from webapp.models.claims import (
    Claim,
    Destination,
    Heir,
    Hold,
    Interview,
    Payout,
    PayoutFile,
    Reconciliation,
    Savings,
)
from webapp.models.companies import Company, CompanyClerk
from webapp.models.deactivations import Correction, Deactivation, WorkLetter
from webapp.models.documents import Document
from webapp.models.messages import Message
from webapp.models.parameters import Parameter
from webapp.models.people import Device, KeptInput, Session, Throttle, User
from webapp.models.programmes import (
    Applicant,
    Assistance,
    AssistanceStep,
    Beneficiary,
    DisbursementFile,
    Programme,
    Wave,
)
from webapp.models.receipts import Receipt
from webapp.models.reports import DailyFigure
from webapp.models.switches import Bill, ContributionFile, OwnMembership, Switch
from webapp.models.uploads import Upload, UploadRow
from webapp.models.workers import Membership, MembershipWord, NameDeletion, NameWord, Worker

ALL = (Branch, User, Session, Device, Challenge, SendHistory, Authenticator, RecoveryCode, Passkey,
       Agreement, Closure, Recovery, Throttle, KeptInput, Company, CompanyClerk, Worker, Membership,
       NameWord, NameDeletion, MembershipWord, Document, Deactivation, Correction, WorkLetter,
       Receipt, Upload, UploadRow, Case, CaseVisit, Statement, Paper, DeactivationRequest,
       Objection, WalkIn, Pairing, Savings, Destination, Hold, Claim, Heir, Interview, PayoutFile,
       Payout, Reconciliation, OwnMembership, Switch, ContributionFile, Bill, Programme, Wave,
       Applicant, Beneficiary, Assistance, AssistanceStep, DisbursementFile, Block, Complaint,
       DailyFigure, Message, AuditChain, AuditEntry, AuditCheck, Parameter)

__all__ = ["ALL", *(model.__name__ for model in ALL)]
