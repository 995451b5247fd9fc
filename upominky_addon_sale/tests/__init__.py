from . import test_order_contact
