"""Every subject's pages."""

from webapp.branch.routes import blueprint as branch
from webapp.companies.routes import blueprint as companies
from webapp.deactivation.routes import blueprint as deactivation
from webapp.demo.routes import blueprint as demo
from webapp.documents.routes import blueprint as documents
from webapp.home.routes import blueprint as home
from webapp.operation.routes import blueprint as operation
from webapp.paklaring.routes import blueprint as paklaring
from webapp.receipts.routes import blueprint as receipts
from webapp.sign_in.routes import blueprint as sign_in
from webapp.workers.routes import blueprint as workers

BLUEPRINTS = (home, sign_in, companies, workers, deactivation, paklaring, documents, receipts,
              branch, operation)
DEMO_BLUEPRINTS = (demo,)
