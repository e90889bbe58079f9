"""Every subject's pages."""

from webapp.assistance.routes import blueprint as assistance
from webapp.audit_desk.routes import blueprint as audit_desk
from webapp.authenticator.routes import blueprint as authenticator
from webapp.bills.routes import blueprint as bills
from webapp.blocked.routes import blueprint as blocked
from webapp.blocks.routes import blueprint as blocks
from webapp.branch.routes import blueprint as branch
from webapp.claim_corrections.routes import blueprint as claim_corrections
from webapp.claim_desk.routes import blueprint as claim_desk
from webapp.claiming.routes import blueprint as claiming
from webapp.claims.routes import blueprint as claims
from webapp.closure.routes import blueprint as closure
from webapp.companies.routes import blueprint as companies
from webapp.company_cases.routes import blueprint as company_cases
from webapp.complaint_desk.routes import blueprint as complaint_desk
from webapp.complaints.routes import blueprint as complaints
from webapp.contacts.routes import blueprint as contacts
from webapp.deactivation.routes import blueprint as deactivation
from webapp.demo.routes import blueprint as demo
from webapp.desk.routes import blueprint as desk
from webapp.destination_desk.routes import blueprint as destination_desk
from webapp.destinations.routes import blueprint as destinations
from webapp.documents.routes import blueprint as documents
from webapp.heirs.routes import blueprint as heirs
from webapp.help.routes import blueprint as help_pages
from webapp.holds.routes import blueprint as holds
from webapp.home.routes import blueprint as home
from webapp.interviews.routes import blueprint as interviews
from webapp.linking.routes import blueprint as linking
from webapp.memberships.routes import blueprint as memberships
from webapp.objections.routes import blueprint as objections
from webapp.operation.routes import blueprint as operation
from webapp.paklaring.routes import blueprint as paklaring
from webapp.papers.routes import blueprint as papers
from webapp.passkey.routes import blueprint as passkey
from webapp.profile.routes import blueprint as profile
from webapp.programme_desk.routes import blueprint as programme_desk
from webapp.programmes.routes import blueprint as programmes
from webapp.radar.routes import blueprint as radar
from webapp.receipts.routes import blueprint as receipts
from webapp.recovery.routes import blueprint as recovery
from webapp.recovery_desk.routes import blueprint as recovery_desk
from webapp.registration.routes import blueprint as registration
from webapp.reports.routes import blueprint as reports
from webapp.requests.routes import blueprint as requests
from webapp.sign_in.routes import blueprint as sign_in
from webapp.step_up.routes import blueprint as step_up
from webapp.switch.routes import blueprint as switch
from webapp.switch_desk.routes import blueprint as switch_desk
from webapp.switching.routes import blueprint as switching
from webapp.terms.routes import blueprint as terms
from webapp.tracking.routes import blueprint as tracking
from webapp.uploads.routes import blueprint as uploads
from webapp.walk_in.routes import blueprint as walk_in
from webapp.workers.routes import blueprint as workers

BLUEPRINTS = (home, sign_in, companies, workers, deactivation, paklaring, documents, papers,
              receipts,
              branch, desk, operation, help_pages, registration, linking, terms, recovery,
              recovery_desk, profile, contacts, authenticator, passkey, step_up, closure,
              uploads, walk_in, memberships, requests, objections, company_cases, radar,
              claims, claiming, claim_corrections, tracking, claim_desk, interviews, heirs,
              destinations, destination_desk, holds, blocks, blocked, complaints,
              complaint_desk, reports, audit_desk,
              switch, switching, switch_desk, bills,
              programmes, programme_desk, assistance)
DEMO_BLUEPRINTS = (demo,)
