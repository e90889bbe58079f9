"""Every subject's pages."""

from webapp.authenticator.routes import blueprint as authenticator
from webapp.branch.routes import blueprint as branch
from webapp.closure.routes import blueprint as closure
from webapp.companies.routes import blueprint as companies
from webapp.contacts.routes import blueprint as contacts
from webapp.deactivation.routes import blueprint as deactivation
from webapp.demo.routes import blueprint as demo
from webapp.documents.routes import blueprint as documents
from webapp.help.routes import blueprint as help_pages
from webapp.home.routes import blueprint as home
from webapp.linking.routes import blueprint as linking
from webapp.operation.routes import blueprint as operation
from webapp.paklaring.routes import blueprint as paklaring
from webapp.passkey.routes import blueprint as passkey
from webapp.profile.routes import blueprint as profile
from webapp.receipts.routes import blueprint as receipts
from webapp.recovery.routes import blueprint as recovery
from webapp.recovery_desk.routes import blueprint as recovery_desk
from webapp.registration.routes import blueprint as registration
from webapp.sign_in.routes import blueprint as sign_in
from webapp.step_up.routes import blueprint as step_up
from webapp.terms.routes import blueprint as terms
from webapp.uploads.routes import blueprint as uploads
from webapp.workers.routes import blueprint as workers

BLUEPRINTS = (home, sign_in, companies, workers, deactivation, paklaring, documents, receipts,
              branch, operation, help_pages, registration, linking, terms, recovery,
              recovery_desk, profile, contacts, authenticator, passkey, step_up, closure,
              uploads)
DEMO_BLUEPRINTS = (demo,)
